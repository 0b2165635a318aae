import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { type ListSearch, readCount, readDay, readListSearch, readText, readWord } from '@/shared/lib/list-search';
import { frame } from './root';

interface AuditSearch extends Omit<ListSearch, 'q'> {
  table?: string;
  operation?: 'CREATE' | 'UPDATE' | 'DELETE';
  /** Id of the record or row that was changed. */
  record?: string;
  /** Id of the user who made the change. */
  user?: string;
  /** First and last day, `YYYY-MM-DD`, in UTC. */
  from?: string;
  to?: string;
  /** Id of the open entry. */
  entry?: number;
}

const audit = createRoute({
  getParentRoute: () => frame,
  path: '/audit',
  staticData: { audience: 'admins', scoped: true },
  validateSearch: (raw): AuditSearch => {
    const { page, size, sort } = readListSearch(raw);
    return {
      page,
      size,
      sort,
      table: readText(raw.table),
      operation: readWord(raw.operation, ['CREATE', 'UPDATE', 'DELETE']),
      record: readText(raw.record),
      user: readText(raw.user),
      from: readDay(raw.from),
      to: readDay(raw.to),
      entry: readCount(raw.entry),
    };
  },
  component: lazyRouteComponent(() => import('@/features/audit/audit-page'), 'AuditPage'),
});

interface ConfigurationSearch {
  tab?: 'system' | 'account';
  /** Category that is shown. */
  category?: string;
  /** `category/provider` of the provider that is added. */
  add?: string;
  /** Id of the configuration whose form is open. */
  edit?: string;
}

const configuration = createRoute({
  getParentRoute: () => frame,
  path: '/configuration',
  staticData: { scoped: ({ tab }) => tab === 'account' },
  validateSearch: (raw): ConfigurationSearch => ({
    tab: readWord(raw.tab, ['system', 'account']),
    category: readText(raw.category),
    add: readText(raw.add),
    edit: readText(raw.edit),
  }),
  component: lazyRouteComponent(() => import('@/features/configuration/configuration-page'), 'ConfigurationPage'),
});

interface MailSearch {
  tab?: 'logs';
  page?: number;
  size?: number;
  type?: string;
  locale?: string;
  status?: 'sent' | 'failed';
  from?: string;
  to?: string;
  /** Id of the open template, or `new`. */
  template?: string;
  /** Id of the open log row. */
  log?: string;
}

const mail = createRoute({
  getParentRoute: () => frame,
  path: '/mail',
  // The log of mails cannot be narrowed to an account.
  staticData: { scoped: ({ tab }) => tab !== 'logs' },
  validateSearch: (raw): MailSearch => {
    const { page, size } = readListSearch(raw);
    return {
      page,
      size,
      tab: readWord(raw.tab, ['logs']),
      type: readText(raw.type),
      locale: readText(raw.locale),
      status: readWord(raw.status, ['sent', 'failed']),
      from: readDay(raw.from),
      to: readDay(raw.to),
      template: readText(raw.template),
      log: readText(raw.log),
    };
  },
  component: lazyRouteComponent(() => import('@/features/mail/mail-page'), 'MailPage'),
});

interface HooksSearch {
  page?: number;
  size?: number;
  trigger?: 'event' | 'schedule' | 'manual';
  state?: 'on' | 'off';
  /** Id of the open hook, or `new`. */
  hook?: string;
  tab?: 'runs';
  /** Page of the executions of the open hook. */
  at?: number;
}

const hooks = createRoute({
  getParentRoute: () => frame,
  path: '/hooks',
  staticData: { audience: 'admins', scoped: true },
  validateSearch: (raw): HooksSearch => {
    const { page, size } = readListSearch(raw);
    return {
      page,
      size,
      trigger: readWord(raw.trigger, ['event', 'schedule', 'manual']),
      state: readWord(raw.state, ['on', 'off']),
      hook: readText(raw.hook),
      tab: readWord(raw.tab, ['runs']),
      at: readCount(raw.at),
    };
  },
  component: lazyRouteComponent(() => import('@/features/hooks/hooks-page'), 'HooksPage'),
});

interface WebhooksSearch {
  q?: string;
  /** Id of the open webhook, or `new`. */
  webhook?: string;
  tab?: 'deliveries';
  /** Page of the deliveries of the open webhook. */
  at?: number;
}

const webhooks = createRoute({
  getParentRoute: () => frame,
  path: '/webhooks',
  staticData: { audience: 'admins', scoped: true },
  validateSearch: (raw): WebhooksSearch => ({
    q: readText(raw.q),
    webhook: readText(raw.webhook),
    tab: readWord(raw.tab, ['deliveries']),
    at: readCount(raw.at),
  }),
  component: lazyRouteComponent(() => import('@/features/webhooks/webhooks-page'), 'WebhooksPage'),
});

interface JobsSearch {
  page?: number;
  size?: number;
  status?: 'pending' | 'running' | 'retrying' | 'completed' | 'dead';
  queue?: string;
  handler?: string;
  /** Id of the open job. */
  job?: string;
}

const jobs = createRoute({
  getParentRoute: () => frame,
  path: '/jobs',
  validateSearch: (raw): JobsSearch => {
    const { page, size } = readListSearch(raw);
    return {
      page,
      size,
      status: readWord(raw.status, ['pending', 'running', 'retrying', 'completed', 'dead']),
      queue: readText(raw.queue),
      handler: readText(raw.handler),
      job: readText(raw.job),
    };
  },
  component: lazyRouteComponent(() => import('@/features/jobs/jobs-page'), 'JobsPage'),
});

const apiKeys = createRoute({
  getParentRoute: () => frame,
  path: '/api-keys',
  validateSearch: (raw): { dialog?: string } => ({ dialog: readText(raw.dialog) }),
  component: lazyRouteComponent(() => import('@/features/api-keys/api-keys-page'), 'ApiKeysPage'),
});

const migrations = createRoute({
  getParentRoute: () => frame,
  path: '/migrations',
  validateSearch: (raw): { q?: string; tab?: 'history' } => ({
    q: readText(raw.q),
    tab: readWord(raw.tab, ['history']),
  }),
  component: lazyRouteComponent(() => import('@/features/migrations/migrations-page'), 'MigrationsPage'),
});

interface RealtimeSearch {
  /** The collection to subscribe to. */
  collection?: string;
  /** Which lines of the log are shown. */
  kind?: 'change' | 'channel' | 'reply' | 'heartbeat' | 'error' | 'sent' | 'state';
}

const realtime = createRoute({
  getParentRoute: () => frame,
  path: '/realtime',
  staticData: { audience: 'admins' },
  validateSearch: (raw): RealtimeSearch => ({
    collection: readText(raw.collection),
    kind: readWord(raw.kind, ['change', 'channel', 'reply', 'heartbeat', 'error', 'sent', 'state']),
  }),
  component: lazyRouteComponent(() => import('@/features/realtime/realtime-page'), 'RealtimePage'),
});

const health = createRoute({
  getParentRoute: () => frame,
  path: '/health',
  component: lazyRouteComponent(() => import('@/features/health/health-page'), 'HealthPage'),
});

export const operationsRoutes = [
  audit,
  realtime,
  configuration,
  mail,
  hooks,
  webhooks,
  jobs,
  apiKeys,
  migrations,
  health,
] as const;
