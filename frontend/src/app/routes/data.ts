import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { type ListSearch, readCount, readListSearch, readText, readWord } from '@/shared/lib/list-search';
import { frame } from './root';

interface RecordSearch extends ListSearch {
  /** Filter expression. */
  filter?: string;
  /** Id of the open record, or `new`. */
  record?: string;
  /** Id of the record that a new one is a copy of. */
  from?: string;
  /** How records are loaded; as remembered for the collection when absent. */
  mode?: 'pages' | 'scroll';
  /** View of the open record; its fields if absent. */
  tab?: 'history' | 'json';
  dialog?: 'import';
}

/** Columns, comma separated, `-` in front of those that are descending. */
function readOrder(value: unknown): string | undefined {
  const order = readText(value);
  return order !== undefined && /^-?\w+(,-?\w+)*$/.test(order) ? order : undefined;
}

const readRecordSearch = (raw: Record<string, unknown>): RecordSearch => {
  return {
    ...readListSearch(raw),
    sort: readOrder(raw.sort),
    filter: readText(raw.filter),
    record: readText(raw.record),
    from: readText(raw.from),
    mode: readWord(raw.mode, ['pages', 'scroll']),
    tab: readWord(raw.tab, ['history', 'json']),
    dialog: readWord(raw.dialog, ['import']),
  };
};

interface SettingsSearch {
  tab?: 'rules' | 'changes';
  /** The operation whose rule is being tested. */
  test?: 'list' | 'view' | 'create' | 'update' | 'delete';
}

const newCollectionSources = ['posts', 'tasks', 'contacts', 'products', 'events', 'feedback', 'notes', 'file'] as const;
type NewCollectionSource = (typeof newCollectionSources)[number];

interface HomeSearch {
  /** Days that the charts reach back; 30 when absent. */
  days?: 7 | 90;
}

const home = createRoute({
  getParentRoute: () => frame,
  path: '/',
  staticData: { audience: 'admins' },
  validateSearch: (raw): HomeSearch => {
    const days = readCount(raw.days);
    return { days: days === 7 || days === 90 ? days : undefined };
  },
  component: lazyRouteComponent(() => import('@/features/home/home-page'), 'HomePage'),
});

const collections = createRoute({
  getParentRoute: () => frame,
  path: '/collections',
  validateSearch: (raw): ListSearch & { dialog?: 'export' | 'import' } => ({
    ...readListSearch(raw),
    dialog: readWord(raw.dialog, ['export', 'import']),
  }),
  component: lazyRouteComponent(() => import('@/features/collections/collections-page'), 'CollectionsPage'),
});

const newCollection = createRoute({
  getParentRoute: () => frame,
  path: '/collections/new',
  // What the new collection begins with; an empty one when absent.
  validateSearch: (raw): { from?: NewCollectionSource } => ({ from: readWord(raw.from, newCollectionSources) }),
  component: lazyRouteComponent(() => import('@/features/collections/new-collection-page'), 'NewCollectionPage'),
});

const collectionDiagram = createRoute({
  getParentRoute: () => frame,
  path: '/collections/diagram',
  validateSearch: (raw): { view?: 'list' } => ({ view: readWord(raw.view, ['list']) }),
  component: lazyRouteComponent(() => import('@/features/collections/diagram-page'), 'DiagramPage'),
});

const collection = createRoute({
  getParentRoute: () => frame,
  path: '/collections/$name',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/collections/$name/records', params, replace: true });
  },
});

const collectionSettings = createRoute({
  getParentRoute: () => frame,
  path: '/collections/$name/settings',
  validateSearch: (raw): SettingsSearch => ({
    tab: readWord(raw.tab, ['rules', 'changes']),
    test: readWord(raw.test, ['list', 'view', 'create', 'update', 'delete']),
  }),
  component: lazyRouteComponent(
    () => import('@/features/collections/collection-settings-page'),
    'CollectionSettingsPage',
  ),
});

const records = createRoute({
  getParentRoute: () => frame,
  path: '/collections/$name/records',
  staticData: { scoped: true },
  validateSearch: readRecordSearch,
  component: lazyRouteComponent(() => import('@/features/records/records-page'), 'RecordsPage'),
});

interface AnalyticsSearch {
  /** Filter expression. */
  filter?: string;
  /** Fields to group by, and functions, each a comma list. */
  by?: string;
  fn?: string;
  /** Condition on results. */
  having?: string;
  view?: 'table' | 'bar' | 'line' | 'pie';
  sort?: string;
}

const analytics = createRoute({
  getParentRoute: () => frame,
  path: '/collections/$name/analytics',
  validateSearch: (raw): AnalyticsSearch => ({
    filter: readText(raw.filter),
    by: readText(raw.by),
    fn: readText(raw.fn),
    having: readText(raw.having),
    view: readWord(raw.view, ['table', 'bar', 'line', 'pie']),
    sort: readListSearch(raw).sort,
  }),
  component: lazyRouteComponent(() => import('@/features/analytics/analytics-page'), 'AnalyticsPage'),
});

interface ApiSearch {
  /** The request that is explained. */
  op?: 'list' | 'view' | 'create' | 'update' | 'delete' | 'batch' | 'aggregate' | 'realtime' | 'files' | 'auth';
  /** Language of the snippet. */
  lang?: 'curl' | 'js' | 'react';
}

const apiPage = createRoute({
  getParentRoute: () => frame,
  path: '/collections/$name/api',
  validateSearch: (raw): ApiSearch => ({
    op: readWord(raw.op, [
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
    ]),
    lang: readWord(raw.lang, ['curl', 'js', 'react']),
  }),
  component: lazyRouteComponent(() => import('@/features/api-docs/api-page'), 'ApiPage'),
});

const record = createRoute({
  getParentRoute: () => frame,
  path: '/collections/$name/records/$id',
  beforeLoad: ({ params }) => {
    throw redirect({
      to: '/collections/$name/records',
      params: { name: params.name },
      search: { record: params.id },
      replace: true,
    });
  },
});

const accountRecords = createRoute({
  getParentRoute: () => frame,
  path: '/records',
  staticData: { audience: 'admins' },
  validateSearch: (raw): RecordSearch & { collection?: string } => ({
    ...readRecordSearch(raw),
    collection: readText(raw.collection),
  }),
  component: lazyRouteComponent(() => import('@/features/records/account-records-page'), 'AccountRecordsPage'),
});

interface FilesSearch extends ListSearch {
  state?: 'held' | 'unheld';
  account?: string;
  /** Path of the open file. */
  file?: string;
}

const files = createRoute({
  getParentRoute: () => frame,
  path: '/files',
  staticData: { audience: 'admins' },
  validateSearch: (raw): FilesSearch => ({
    ...readListSearch(raw),
    state: readWord(raw.state, ['held', 'unheld']),
    account: readText(raw.account),
    file: readText(raw.file),
  }),
  component: lazyRouteComponent(() => import('@/features/files/files-page'), 'FilesPage'),
});

const macros = createRoute({
  getParentRoute: () => frame,
  path: '/macros',
  validateSearch: (raw): Pick<ListSearch, 'sort' | 'q'> & { macro?: string } => {
    const { sort, q } = readListSearch(raw);
    // Id of the open macro, or `new`.
    return { sort, q, macro: readText(raw.macro) };
  },
  component: lazyRouteComponent(() => import('@/features/macros/macros-page'), 'MacrosPage'),
});

export const dataRoutes = [
  home,
  collections,
  newCollection,
  collectionDiagram,
  collection,
  collectionSettings,
  records,
  analytics,
  apiPage,
  record,
  accountRecords,
  files,
  macros,
] as const;
