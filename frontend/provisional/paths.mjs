// Paths of the API whose server side is under way, in the shape in which ../docs/openapi.json will
// describe them. Merged by merge.mjs; to be removed with this folder once that document has them.
const str = { type: 'string' };
const int = { type: 'integer' };
const num = { type: 'number' };
const bool = { type: 'boolean' };
const map = { type: 'object', additionalProperties: {} };
const texts = { type: 'object', additionalProperties: str };
const opt = (schema) =>
  schema.type && !Array.isArray(schema.type)
    ? { ...schema, type: [schema.type, 'null'] }
    : { oneOf: [schema, { type: 'null' }] };
const list = (items) => ({ type: 'array', items });
const obj = (properties, required = Object.keys(properties)) => ({ type: 'object', properties, required });
const part = (properties) => obj(properties, []);
const json = (schema) => ({ content: { 'application/json': { schema } } });
const q = (properties, ...required) =>
  Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));

function op(path, { query = [], body, status = 200, reply, content }) {
  const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: path.includes('/audit-logs/') ? int : str,
  }));
  return {
    parameters: [...parameters, ...query],
    ...(body && { requestBody: { ...json(body), required: true } }),
    responses: { [status]: content ? { content } : reply ? json(reply) : {} },
  };
}

const message = obj({ message: str });
const login = { $ref: '#/components/schemas/Session' };
const invitation = obj({
  id: str,
  account_id: str,
  account_code: str,
  email: str,
  invited_by: str,
  expires_at: str,
  accepted_at: opt(str),
  created_at: str,
  email_sent: bool,
  email_sent_at: opt(str),
  status: str,
  token: str,
});
const entry = obj({
  id: int,
  account_id: str,
  operation: str,
  table_name: str,
  record_id: str,
  column_name: str,
  old_value: opt(str),
  new_value: opt(str),
  user_id: str,
  user_email: str,
  user_name: str,
  es_username: opt(str),
  es_reason: opt(str),
  es_timestamp: opt(str),
  ip_address: opt(str),
  user_agent: opt(str),
  request_id: opt(str),
  occurred_at: str,
  checksum: opt(str),
  previous_hash: opt(str),
  extra_metadata: opt(map),
});
const auditQuery = {
  account_id: str,
  table_name: str,
  record_id: str,
  user_id: str,
  operation: str,
  from_date: str,
  to_date: str,
  skip: int,
  limit: int,
  sort_by: str,
  sort_order: str,
};
const configuration = {
  id: str,
  display_name: str,
  provider_name: str,
  category: str,
  enabled: bool,
  is_default: bool,
  priority: int,
  updated_at: str,
  logo_url: opt(str),
};
const template = obj({
  id: str,
  account_id: str,
  template_type: str,
  locale: str,
  subject: str,
  html_body: str,
  text_body: str,
  enabled: bool,
  is_builtin: bool,
  created_at: str,
  updated_at: str,
});
const mailLog = obj({
  id: str,
  account_id: str,
  template_type: str,
  recipient_email: str,
  provider: str,
  status: str,
  error_message: opt(str),
  variables: opt(map),
  sent_at: str,
});
const count = obj({ total: int, by_category: { type: 'object', additionalProperties: int } });
const success = obj({ status: str });
const file = { 'text/csv': { schema: str }, 'application/json': { schema: str }, 'application/pdf': { schema: str } };

const operations = {
  'POST /auth/forgot-password': { body: obj({ email: str, account: opt(str) }, ['email']), reply: message },
  'GET /auth/verify-reset-token/{token}': { reply: obj({ valid: bool, expires_at: opt(str) }) },
  'POST /auth/reset-password': { body: obj({ token: str, new_password: str }), reply: message },
  'POST /auth/verify-email': {
    body: obj({ token: str }),
    reply: obj({ message: str, user: obj({ id: str, email: str, email_verified: bool }) }),
  },
  'POST /auth/resend-verification': { body: obj({ email: opt(str), account: opt(str) }, []), reply: message },
  'GET /auth/sessions': {
    reply: obj({
      items: list(
        obj({
          id: str,
          created_at: str,
          last_used_at: opt(str),
          expires_at: str,
          ip_address: opt(str),
          user_agent: opt(str),
          current: bool,
        }),
      ),
      total: int,
    }),
  },
  'DELETE /auth/sessions': { query: q({ keep_current: bool }), status: 204 },
  'DELETE /auth/sessions/{id}': { status: 204 },
  'POST /users/{id}/resend-verification': { reply: message },
  'GET /invitations': {
    query: q({ status_filter: str, account_id: str }),
    reply: obj({ invitations: list(invitation), total: int }),
  },
  'POST /invitations': {
    body: obj({ email: str, role_id: opt(str), groups: opt(list(str)), account_id: opt(str) }, ['email']),
    status: 201,
    reply: invitation,
  },
  'GET /invitations/{token}': {
    reply: obj({ email: str, account_name: str, invited_by_name: str, expires_at: str, is_valid: bool }),
  },
  'POST /invitations/{token}/accept': { body: obj({ password: str }), reply: login },
  'POST /invitations/{id}/resend': { reply: message },
  'DELETE /invitations/{id}': { status: 204 },
  'GET /audit-logs': {
    query: q(auditQuery),
    reply: obj({ items: list(entry), total: int, skip: int, limit: int, audit_logging_enabled: bool }),
  },
  'GET /audit-logs/export': { query: q({ ...auditQuery, format: str }), content: file },
  'GET /audit-logs/verify': {
    reply: obj({
      valid: bool,
      checked: int,
      problems: list(obj({ id: int, account_id: str, kind: str, message: str })),
      head: opt(obj({ id: int, checksum: str, seal: opt(str) })),
    }),
  },
  'GET /audit-logs/{id}': { reply: entry },
  'GET /admin/configuration/providers': {
    query: q({ category: str }),
    reply: list(obj({ category: str, provider_name: str, display_name: str, logo_url: opt(str), is_builtin: bool })),
  },
  'GET /admin/configuration/schema/{category}/{provider}': { reply: map },
  'GET /admin/configuration/stats': { reply: obj({ system_configs: count, account_configs: count }) },
  'GET /admin/configuration/recent': {
    query: q({ limit: int }),
    reply: list(
      obj({
        id: str,
        display_name: str,
        provider_name: str,
        category: str,
        updated_at: str,
        is_system: bool,
        account_id: str,
        logo_url: opt(str),
      }),
    ),
  },
  'GET /admin/configuration/system': {
    query: q({ category: str }),
    reply: list(obj({ ...configuration, is_builtin: bool })),
  },
  'GET /admin/configuration/account': {
    query: q({ account_id: str, category: str }, 'account_id'),
    reply: list(obj({ ...configuration, account_id: str })),
  },
  'POST /admin/configuration': {
    body: obj(
      {
        category: str,
        provider_name: str,
        display_name: str,
        config: map,
        account_id: opt(str),
        logo_url: opt(str),
        enabled: bool,
        priority: int,
      },
      ['category', 'provider_name', 'display_name', 'config'],
    ),
    reply: obj({ id: str, status: str }),
  },
  'PATCH /admin/configuration/{id}': {
    body: obj({ enabled: bool }),
    reply: obj({ status: str, enabled: bool, is_default: bool }),
  },
  'DELETE /admin/configuration/{id}': { reply: success },
  'POST /admin/configuration/{id}/set-default': {
    reply: obj({ status: str, is_default: bool, provider_name: str, display_name: str }),
  },
  'DELETE /admin/configuration/{id}/set-default': { reply: obj({ status: str, is_default: bool }) },
  'GET /admin/configuration/{id}/values': { reply: map },
  'PATCH /admin/configuration/{id}/values': { body: map, reply: success },
  'POST /admin/configuration/test-connection': {
    body: obj({ category: str, provider_name: str, config: map }),
    reply: obj({ success: bool, message: str }),
  },
  'GET /admin/email/templates': {
    query: q({ template_type: str, locale: str, account_id: str, enabled: bool }),
    reply: list(template),
  },
  'POST /admin/email/templates': {
    body: obj(
      {
        account_id: opt(str),
        template_type: str,
        locale: str,
        subject: str,
        html_body: str,
        text_body: str,
        enabled: bool,
      },
      ['template_type', 'locale', 'subject', 'html_body', 'text_body'],
    ),
    status: 201,
    reply: template,
  },
  'GET /admin/email/templates/{id}': { reply: template },
  'PUT /admin/email/templates/{id}': {
    body: part({ subject: opt(str), html_body: opt(str), text_body: opt(str), enabled: opt(bool) }),
    reply: template,
  },
  'DELETE /admin/email/templates/{id}': { status: 204 },
  'POST /admin/email/templates/render': {
    body: obj(
      {
        template_type: str,
        variables: texts,
        locale: str,
        account_id: opt(str),
        subject: opt(str),
        html_body: opt(str),
        text_body: opt(str),
      },
      ['template_type', 'variables'],
    ),
    reply: obj({ subject: str, html_body: str, text_body: str }),
  },
  'POST /admin/email/templates/{id}/test': {
    body: obj({ recipient_email: str, variables: texts, provider: opt(str) }, ['recipient_email']),
    reply: obj({ status: str, message: str, template_type: str, locale: str }),
  },
  'GET /admin/email/logs': {
    query: q({ status_filter: str, template_type: str, start_date: str, end_date: str, page: int, page_size: int }),
    reply: obj({ logs: list(mailLog), total: int, page: int, page_size: int }),
  },
  'GET /admin/email/logs/{id}': { reply: mailLog },
  'GET /dashboard/stats': {
    reply: obj({
      total_accounts: int,
      total_users: int,
      total_collections: int,
      total_records: int,
      new_accounts_7d: int,
      new_users_7d: int,
      recent_registrations: list(
        obj({ id: str, email: str, account_id: str, account_code: str, account_name: str, created_at: str }),
      ),
      system_health: obj({ database_status: str, storage_usage_mb: num }),
      active_sessions: int,
      public_collections_count: int,
      recent_audit_logs: list(entry),
    }),
  },
  'GET /migrations': {
    reply: obj({
      revisions: list(
        obj({
          revision: str,
          description: str,
          down_revision: opt(str),
          branch_labels: opt(list(str)),
          is_applied: bool,
          is_head: bool,
          is_dynamic: bool,
          created_at: opt(str),
        }),
      ),
      total: int,
      current_revision: opt(str),
    }),
  },
  'GET /migrations/current': { reply: obj({ revision: str, description: str, created_at: opt(str) }) },
  'GET /migrations/history': {
    reply: obj({
      history: list(obj({ revision: str, description: str, is_dynamic: bool, created_at: opt(str) })),
      total: int,
    }),
  },
};

export const paths = {};
for (const [key, operation] of Object.entries(operations)) {
  const [method, tail] = key.split(' ');
  const path = `/api/v1${tail}`;
  (paths[path] ??= {})[method.toLowerCase()] = op(path, operation);
}
