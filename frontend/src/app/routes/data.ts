import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { type ListSearch, readListSearch, readText, readWord } from '@/shared/lib/list-search';
import { frame } from './root';

interface RecordSearch extends ListSearch {
  /** Filter expression. */
  filter?: string;
  /** Id of the open record, or `new`. */
  record?: string;
  /** Id of the record that a new one begins as a copy of. */
  from?: string;
  /** View of the open record; its fields if absent. */
  tab?: 'history' | 'json';
  dialog?: 'import';
}

const readRecordSearch = (raw: Record<string, unknown>): RecordSearch => {
  return {
    ...readListSearch(raw),
    filter: readText(raw.filter),
    record: readText(raw.record),
    from: readText(raw.from),
    tab: readWord(raw.tab, ['history', 'json']),
    dialog: readWord(raw.dialog, ['import']),
  };
};

interface SettingsSearch {
  tab?: 'rules' | 'changes';
  /** The operation whose rule is being tested. */
  test?: 'list' | 'view' | 'create' | 'update' | 'delete';
}

const home = createRoute({
  getParentRoute: () => frame,
  path: '/',
  staticData: { audience: 'admins' },
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
  component: lazyRouteComponent(() => import('@/features/collections/new-collection-page'), 'NewCollectionPage'),
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
  validateSearch: readRecordSearch,
  component: lazyRouteComponent(() => import('@/features/records/records-page'), 'RecordsPage'),
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
  collection,
  collectionSettings,
  records,
  record,
  accountRecords,
  files,
  macros,
] as const;
