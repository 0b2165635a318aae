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
/** An index; a field with `-` in front is in descending order. */
export type IndexDefinition = NonNullable<NewCollection['indexes']>[number];
export type StructureReport = Reply<'/api/v1/collections/{id}/changes', 'post', 200>;
export type CollectionRules = Reply<'/api/v1/collections/{name}/rules', 'get', 200>;
export type CollectionRulesUpdate = Body<'/api/v1/collections/{name}/rules', 'put'>;
export type RuleTest = Body<'/api/v1/collections/{name}/rules/test', 'post'>;
export type RuleTestResult = Reply<'/api/v1/collections/{name}/rules/test', 'post', 200>;
export type RuleClause = RuleTestResult['clauses'][number];

export type ExportedCollection = Reply<'/api/v1/collections/export', 'get', 200>['collections'][number];
export type CollectionsExport = Body<'/api/v1/collections/import', 'post'>['data'];
export type CollectionsImportResult = Reply<'/api/v1/collections/import', 'post', 200>;

type RecordList = Reply<'/api/v1/records/{collection}', 'get', 200>;
/** A page by its place in the list. */
export type RecordPage = Extract<RecordList, { skip: number }>;
/** A page next to a cursor. */
export type RecordWalk = Extract<RecordList, { has_more: boolean }>;
export type RecordRow = RecordPage['items'][number];
export type RecordValues = Record<string, unknown>;

export type Macro = Reply<'/api/v1/macros', 'get', 200>[number];
export type MacroInput = Body<'/api/v1/macros', 'post'>;

export type AccountPage = Reply<'/api/v1/accounts', 'get', 200>;
export type AccountSummary = AccountPage['items'][number];
export type NewAccount = Body<'/api/v1/accounts', 'post'>;

export type UserPage = Reply<'/api/v1/users', 'get', 200>;
export type User = UserPage['items'][number];
export type NewUser = Body<'/api/v1/users', 'post'>;
export type Role = Reply<'/api/v1/roles', 'get', 200>['items'][number];
export type UserUpdate = Body<'/api/v1/users/{id}', 'patch'>;
export type RoleInput = Body<'/api/v1/roles', 'post'>;

export type Caller = Reply<'/api/v1/auth/me', 'get', 200>;
export type SessionEntry = Reply<'/api/v1/auth/sessions', 'get', 200>['items'][number];
export type Registration = Body<'/api/v1/auth/register', 'post'>;

export type Invitation = Reply<'/api/v1/invitations', 'get', 200>['invitations'][number];
export type InvitationPreview = Reply<'/api/v1/invitations/{token}', 'get', 200>;
export type NewInvitation = Body<'/api/v1/invitations', 'post'>;

export type Group = Reply<'/api/v1/groups', 'get', 200>[number];
export type GroupDetail = Reply<'/api/v1/groups/{id}', 'get', 200>;
export type NewGroup = Body<'/api/v1/groups', 'post'>;

export type ApiKey = Reply<'/api/v1/admin/api-keys', 'get', 200>['items'][number];
export type NewApiKey = Body<'/api/v1/admin/api-keys', 'post'>;
export type CreatedApiKey = Reply<'/api/v1/admin/api-keys', 'post', 201>;

export type AuditPage = Reply<'/api/v1/audit-logs', 'get', 200>;
export type AuditEntry = AuditPage['items'][number];
export type AuditVerification = Reply<'/api/v1/audit-logs/verify', 'get', 200>;

export type Provider = Reply<'/api/v1/admin/configuration/providers', 'get', 200>[number];
export type SystemConfiguration = Reply<'/api/v1/admin/configuration/system', 'get', 200>[number];
export type AccountConfiguration = Reply<'/api/v1/admin/configuration/account', 'get', 200>[number];
export type NewConfiguration = Body<'/api/v1/admin/configuration', 'post'>;
export type ConfigurationValues = Record<string, unknown>;
/** The values as the generator of the schema writes an object with any keys. */
export type ConfigurationUpdate = Body<'/api/v1/admin/configuration/{id}/values', 'patch'>;

export type MailTemplate = Reply<'/api/v1/admin/email/templates', 'get', 200>[number];
export type NewMailTemplate = Body<'/api/v1/admin/email/templates', 'post'>;
export type MailTemplateUpdate = Body<'/api/v1/admin/email/templates/{id}', 'put'>;
export type MailLog = Reply<'/api/v1/admin/email/logs', 'get', 200>['logs'][number];

export type ServerHealth = Reply<'/api/v1/admin/health', 'get', 200>;
export type RefusedCaller = ServerHealth['rate_limit']['refused'][number];

export type DashboardSeries = Reply<'/api/v1/dashboard/series', 'get', 200>;
export type DashboardPoint = DashboardSeries['points'][number];
/** A file that the server keeps. */
export type FileEntry = Reply<'/api/v1/files', 'get', 200>['items'][number];

export type Job = Reply<'/api/v1/admin/jobs', 'get', 200>['items'][number];
export type JobStats = Reply<'/api/v1/admin/jobs/stats', 'get', 200>;

export type DashboardStats = Reply<'/api/v1/dashboard/stats', 'get', 200>;
export type Revision = Reply<'/api/v1/migrations', 'get', 200>['revisions'][number];

/** Any JSON object; the generator of the schema writes one that has no keys. */
export type JsonObject = Record<string, unknown>;
export type HookTrigger =
  { type: 'event'; event: string; collection?: string } | { type: 'schedule'; cron: string } | { type: 'manual' };
type HookRow = Reply<'/api/v1/hooks/{hook_id}', 'get', 200>;
export type Hook = Omit<HookRow, 'trigger' | 'actions'> & { trigger: HookTrigger; actions: JsonObject[] };
/** The parts of a hook that a form sends, in the generator's writing. */
export type NewHook = Body<'/api/v1/hooks', 'post'>;
export type HookUpdate = Body<'/api/v1/hooks/{hook_id}', 'patch'>;
export type HookExecution = Reply<'/api/v1/hooks/{hook_id}/executions', 'get', 200>['items'][number];
export type HookRun = Reply<'/api/v1/hooks/{hook_id}/trigger', 'post', 202>;
export type HookRunInput = Body<'/api/v1/hooks/{hook_id}/trigger', 'post'>;

export type Webhook = Reply<'/api/v1/webhooks', 'get', 200>['items'][number];
export type WebhookWithSecret = Reply<'/api/v1/webhooks', 'post', 201>;
export type NewWebhook = Body<'/api/v1/webhooks', 'post'>;
export type WebhookUpdate = Body<'/api/v1/webhooks/{webhook_id}', 'put'>;
export type WebhookDelivery = Reply<'/api/v1/webhooks/{webhook_id}/deliveries', 'get', 200>['items'][number];
export type WebhookTest = Reply<'/api/v1/webhooks/{webhook_id}/test', 'post', 200>;
