import type { FieldDefinition, RecordRow } from '@/shared/api/types';
import { NO_ID, sampleAggregate, sampleBody, sampleFilter, samplePatch } from './sample';

export const operationIds = [
  'list',
  'view',
  'create',
  'update',
  'delete',
  'batch',
  'aggregate',
  'realtime',
  'files',
  'auth',
] as const;
export type OperationId = (typeof operationIds)[number];

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** Whose requests the snippets write. */
export interface ApiContext {
  /** Address of the server. */
  base: string;
  collection: string;
  schema: FieldDefinition[];
  /** A record of the collection, if there is one. */
  record: RecordRow | undefined;
  /** Who signs in. */
  account: string;
  email: string;
}

/** Parameters whose meaning stands in the texts under the same name. */
export type ParameterName =
  | 'filter'
  | 'search'
  | 'sort'
  | 'fields'
  | 'expand'
  | 'skip'
  | 'limit'
  | 'cursor'
  | 'id'
  | 'idempotency'
  | 'ifMatch'
  | 'accountId'
  | 'functions'
  | 'groupBy'
  | 'having'
  | 'token'
  | 'file'
  | 'account'
  | 'email'
  | 'password';

export interface Parameter {
  /** Its name on the wire. */
  name: string;
  place: 'query' | 'path' | 'header' | 'body' | 'form';
  text: ParameterName;
  required?: boolean;
}

/** A request of the API of a collection. */
export interface Operation {
  id: OperationId;
  method: Method;
  /** Path with real names and ids, without the server's address. */
  path: string;
  query: Record<string, string>;
  body?: unknown;
  parameters: Parameter[];
  /** Whether the console can send it. */
  sendable: boolean;
}

const parameter = (name: string, place: Parameter['place'], text: ParameterName, required = false): Parameter => ({
  name,
  place,
  text,
  required,
});

const accountHeader = parameter('X-Account-ID', 'header', 'accountId');
const id = parameter('id', 'path', 'id', true);
const narrowing = [
  parameter('filter', 'query', 'filter'),
  parameter('search', 'query', 'search'),
  parameter('sort', 'query', 'sort'),
  parameter('fields', 'query', 'fields'),
  parameter('expand', 'query', 'expand'),
];

/** The name of the first field that leads to another collection. */
export function firstReference(schema: FieldDefinition[]): string | undefined {
  return schema.find((field) => field.type === 'reference')?.name;
}

/** The request as it is made of this collection. */
export function operation(which: OperationId, context: ApiContext): Operation {
  const { collection, schema, record } = context;
  const records = `/api/v1/records/${collection}`;
  const one = `${records}/${record?.id ?? NO_ID}`;
  const expand = firstReference(schema);
  const common = { id: which, query: {}, sendable: true };
  switch (which) {
    case 'list':
      return {
        ...common,
        method: 'GET',
        path: records,
        query: {
          filter: sampleFilter(schema, record),
          sort: '-created_at',
          limit: '20',
          ...(expand && { expand }),
        },
        parameters: [
          ...narrowing,
          parameter('skip', 'query', 'skip'),
          parameter('limit', 'query', 'limit'),
          parameter('cursor', 'query', 'cursor'),
          accountHeader,
        ],
      };
    case 'view':
      return {
        ...common,
        method: 'GET',
        path: one,
        query: expand ? { expand } : {},
        parameters: [id, parameter('fields', 'query', 'fields'), parameter('expand', 'query', 'expand')],
      };
    case 'create':
      return {
        ...common,
        method: 'POST',
        path: records,
        body: sampleBody(schema, record),
        parameters: [parameter('Idempotency-Key', 'header', 'idempotency'), accountHeader],
      };
    case 'update':
      return {
        ...common,
        method: 'PATCH',
        path: one,
        body: samplePatch(schema, record),
        parameters: [id, parameter('If-Match', 'header', 'ifMatch')],
      };
    case 'delete':
      return {
        ...common,
        method: 'DELETE',
        path: one,
        parameters: [id, parameter('If-Match', 'header', 'ifMatch')],
      };
    case 'batch':
      return {
        ...common,
        method: 'POST',
        path: `${records}/batch`,
        body: { records: [sampleBody(schema, record)] },
        parameters: [parameter('Idempotency-Key', 'header', 'idempotency')],
      };
    case 'aggregate':
      return {
        ...common,
        method: 'GET',
        path: `${records}/aggregate`,
        query: sampleAggregate(schema),
        parameters: [
          parameter('functions', 'query', 'functions', true),
          parameter('group_by', 'query', 'groupBy'),
          parameter('filter', 'query', 'filter'),
          parameter('having', 'query', 'having'),
          accountHeader,
        ],
      };
    case 'realtime':
      return {
        ...common,
        method: 'GET',
        path: '/api/v1/realtime/subscribe',
        query: { collections: `${collection}:create,update,delete` },
        parameters: [parameter('collections', 'query', 'filter'), parameter('token', 'query', 'token')],
        sendable: false,
      };
    case 'files':
      return {
        ...common,
        method: 'POST',
        path: '/api/v1/files/upload',
        parameters: [parameter('file', 'form', 'file', true)],
        sendable: false,
      };
    case 'auth':
      return {
        ...common,
        method: 'POST',
        path: '/api/v1/auth/login',
        body: { account: context.account, email: context.email, password: 'YOUR_PASSWORD' },
        parameters: [
          parameter('account', 'body', 'account', true),
          parameter('email', 'body', 'email', true),
          parameter('password', 'body', 'password', true),
        ],
        sendable: false,
      };
  }
}

/** Path and query as a request has them. */
export function addressOf({ path, query }: Pick<Operation, 'path' | 'query'>): string {
  const text = Object.entries(query)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
  return text === '' ? path : `${path}?${text}`;
}
