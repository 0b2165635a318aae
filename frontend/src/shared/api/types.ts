/**
 * Names for the shapes of the API, taken from its paths alone: the generated schema may
 * rename its components without touching any other file.
 */
import type { paths } from './schema';

type Operation<P extends keyof paths, M extends keyof paths[P]> = NonNullable<paths[P][M]>;

type Json<T> = T extends { content: { 'application/json': infer Body } } ? Body : never;

type Reply<P extends keyof paths, M extends keyof paths[P], Status extends number> =
  Operation<P, M> extends { responses: infer R } ? (Status extends keyof R ? Json<R[Status]> : never) : never;

type Body<P extends keyof paths, M extends keyof paths[P]> =
  Operation<P, M> extends { requestBody?: infer B } ? Json<NonNullable<B>> : never;

export type LoginReply = Reply<'/api/v1/auth/login', 'post', 200>;

export type CollectionPage = Reply<'/api/v1/collections', 'get', 200>;
export type CollectionSummary = CollectionPage['items'][number];
export type Collection = Reply<'/api/v1/collections/{id}', 'get', 200>;
export type FieldDefinition = Collection['schema'][number];
export type NewCollection = Body<'/api/v1/collections', 'post'>;
export type FieldInput = NewCollection['schema'][number];
export type CollectionRules = Reply<'/api/v1/collections/{name}/rules', 'get', 200>;
export type CollectionRulesUpdate = Body<'/api/v1/collections/{name}/rules', 'put'>;

export type RecordPage = Reply<'/api/v1/records/{collection}', 'get', 200>;
export type RecordRow = RecordPage['items'][number];
export type RecordValues = Record<string, unknown>;

export type AccountPage = Reply<'/api/v1/accounts', 'get', 200>;
export type AccountSummary = AccountPage['items'][number];
export type NewAccount = Body<'/api/v1/accounts', 'post'>;

export type UserPage = Reply<'/api/v1/users', 'get', 200>;
export type User = UserPage['items'][number];
export type NewUser = Body<'/api/v1/users', 'post'>;
export type Role = Reply<'/api/v1/roles', 'get', 200>['items'][number];
