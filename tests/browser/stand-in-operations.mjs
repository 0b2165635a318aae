// The audit log, the figures and the migrations of the stand-in for the server.
import { createHash } from 'node:crypto';
import { Reply } from './stand-in-filter.mjs';

const verbs = { POST: 'CREATE', PUT: 'UPDATE', PATCH: 'UPDATE', DELETE: 'DELETE' };

export function operationsRoutes({ SYSTEM, accountOf, accounts, allSessions, collections, now, rows, users }) {
  const entries = [];
  const visible = (user, query) => {
    const account = user.account_id === SYSTEM ? query.get('account_id') : user.account_id;
    return entries.filter((entry) =>
      (!account || entry.account_id === account) &&
      ['table_name', 'operation', 'record_id', 'user_id'].every((key) => !query.has(key) || entry[key] === query.get(key)) &&
      (!query.has('from_date') || entry.occurred_at >= query.get('from_date')) &&
      (!query.has('to_date') || entry.occurred_at <= query.get('to_date')));
  };

  /** Writes a change down: one entry for each column of the body. */
  function record(user, method, path, body) {
    const [table, id = ''] = path.replace('/api/v1/', '').replace(/^admin\//, '').split('/');
    const columns = Object.entries(body ?? {}).filter(([key]) => !/password|token/.test(key));
    for (const [column_name, value] of columns) {
      const previous = entries.at(-1);
      const entry = {
        id: entries.length + 1, account_id: user.account_id, operation: verbs[method], table_name: table.replaceAll('-', '_'), record_id: id || `new-${entries.length + 1}`, column_name,
        old_value: method === 'PATCH' ? 'before' : null, new_value: typeof value === 'string' ? value : JSON.stringify(value), user_id: user.id,
        user_email: user.email, user_name: user.email, es_username: null, es_reason: null, es_timestamp: null, ip_address: '127.0.0.1',
        user_agent: 'Mozilla/5.0 (X11; Linux x86_64) Chrome/141.0', request_id: 'cid_0123456789ab', occurred_at: now(), previous_hash: previous?.checksum ?? null,
        extra_metadata: { auth_method: 'jwt' },
      };
      entry.checksum = createHash('sha256').update(JSON.stringify(entry)).digest('hex');
      entries.push(entry);
    }
  }

  const revisions = () => [
    { revision: '0001_initial', description: 'Tables of accounts, users and collections', is_dynamic: false },
    { revision: '0002_groups', description: 'Groups and invitations', is_dynamic: false },
    ...collections.map(({ id, name }) => ({ revision: id.slice(0, 12), description: `Create collection ${name}`, is_dynamic: true })),
  ].map((row, index, all) => ({
    ...row, down_revision: all[index - 1]?.revision ?? null, branch_labels: [row.is_dynamic ? 'dynamic' : 'core'], is_applied: true,
    is_head: index === all.length - 1, created_at: now(),
  }));

  const routes = [
    ['GET', '/audit-logs', ({ user, query }) => {
      const found = visible(user, query);
      if (query.get('sort_order') !== 'asc') found.reverse();
      const skip = Number(query.get('skip') ?? 0);
      const limit = Number(query.get('limit') ?? 50);
      return [200, { items: found.slice(skip, skip + limit), total: found.length, skip, limit, audit_logging_enabled: true }];
    }],
    ['GET', '/audit-logs/export', ({ user, query }) => {
      const found = visible(user, query);
      return [200, `ID,Table\r\n${found.map(({ id, table_name }) => `${id},${table_name}`).join('\r\n')}`, {
        'Content-Type': 'text/csv; charset=utf-8', 'Content-Disposition': `attachment; filename="audit_logs_20260301_100000.${query.get('format') ?? 'csv'}"`,
      }];
    }],
    ['GET', '/audit-logs/verify', () => {
      const last = entries.at(-1);
      return [200, { valid: true, checked: entries.length, problems: [], head: last ? { id: last.id, checksum: last.checksum, seal: null } : null }];
    }],
    ['GET', '/audit-logs/:id', ({ user, query, params }) => {
      const found = visible(user, query).find(({ id }) => id === Number(params.id));
      if (!found) throw new Reply(404, { detail: `Audit log entry ${params.id} not found` });
      return [200, found];
    }],
    ['GET', '/dashboard/stats', () => [200, {
      total_accounts: accounts.length, total_users: users.length, total_collections: collections.length,
      total_records: [...rows.values()].reduce((sum, list) => sum + list.length, 0), new_accounts_7d: accounts.length - 1, new_users_7d: users.length,
      recent_registrations: [...users].reverse().slice(0, 10).map(({ id, email, account_id, created_at }) => {
        const { account_code, name } = accountOf(account_id);
        return { id, email, account_id, account_code, account_name: name, created_at };
      }),
      system_health: { database_status: 'connected', storage_usage_mb: 1.25 }, active_sessions: allSessions().length,
      public_collections_count: collections.filter(({ rules }) => rules.list_rule === '').length, recent_audit_logs: [...entries].reverse().slice(0, 20),
    }]],
    ['GET', '/migrations', () => {
      const all = revisions();
      return [200, { revisions: [...all].reverse(), total: all.length, current_revision: all.at(-1).revision }];
    }],
    ['GET', '/migrations/current', () => {
      const { revision, description, created_at } = revisions().at(-1);
      return [200, { revision, description, created_at }];
    }],
    ['GET', '/migrations/history', () => {
      const history = revisions().map(({ revision, description, is_dynamic, created_at }) => ({ revision, description, is_dynamic, created_at }));
      return [200, { history, total: history.length }];
    }],
  ];
  return { routes, record };
}
