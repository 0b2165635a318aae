import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import type { QueryClient } from '@tanstack/react-query';
import { setupStatus } from '@/features/setup/api/get-setup-status';
import { asApiError } from '@/shared/api/errors';
import { me } from '@/shared/api/get-me';
import { getSession } from '@/shared/api/session';
import { type ListSearch, readListSearch, readText } from '@/shared/lib/list-search';
import { Frame } from './frame/frame';
import { NotFoundPage } from './not-found-page';
import { PageError } from './page-error';
import { PagePending } from './page-pending';
import { queryClient } from './query-client';

export const BASE_PATH = '/_';

interface RecordSearch extends Omit<ListSearch, 'q'> {
  /** Filter expression. */
  filter?: string;
  /** Id of the open record, or `new`. */
  record?: string;
}

const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Outlet,
  notFoundComponent: NotFoundPage,
});

/** Whether set-up is due; a server that cannot tell counts as set up, sign-in will say what is wrong. */
async function isSetupNeeded(client: QueryClient): Promise<boolean> {
  try {
    return (await client.ensureQueryData(setupStatus())).needed;
  } catch {
    return false;
  }
}

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  validateSearch: (raw): { token?: string } => ({ token: readText(raw.token) }),
  beforeLoad: async ({ context }) => {
    if (!(await isSetupNeeded(context.queryClient))) throw redirect({ to: '/' });
  },
  component: lazyRouteComponent(() => import('./entry/setup-route'), 'SetupRoute'),
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (raw): { redirect?: string } => ({ redirect: readText(raw.redirect) }),
  beforeLoad: async ({ context }) => {
    if (getSession()) throw redirect({ to: '/' });
    if (await isSetupNeeded(context.queryClient)) throw redirect({ to: '/setup' });
  },
  component: lazyRouteComponent(() => import('./entry/sign-in-route'), 'SignInRoute'),
});

/** Everything that needs a signed-in user stands inside the frame. */
const frame = createRoute({
  getParentRoute: () => root,
  id: 'frame',
  beforeLoad: async ({ context, location }) => {
    const back = location.href === '/' ? undefined : location.href;
    if (!getSession()) throw redirect({ to: '/sign-in', search: { redirect: back } });
    try {
      await context.queryClient.ensureQueryData(me());
    } catch (error) {
      if (asApiError(error).status === 401) throw redirect({ to: '/sign-in', search: { redirect: back } });
      throw error;
    }
  },
  component: Frame,
});

const home = createRoute({
  getParentRoute: () => frame,
  path: '/',
  component: lazyRouteComponent(() => import('@/features/home/home-page'), 'HomePage'),
});

const collections = createRoute({
  getParentRoute: () => frame,
  path: '/collections',
  validateSearch: readListSearch,
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
  validateSearch: (raw): { tab?: 'rules' } => ({ tab: raw.tab === 'rules' ? 'rules' : undefined }),
  component: lazyRouteComponent(
    () => import('@/features/collections/collection-settings-page'),
    'CollectionSettingsPage',
  ),
});

const records = createRoute({
  getParentRoute: () => frame,
  path: '/collections/$name/records',
  validateSearch: (raw): RecordSearch => {
    const { page, size, sort } = readListSearch(raw);
    return { page, size, sort, filter: readText(raw.filter), record: readText(raw.record) };
  },
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

const accounts = createRoute({
  getParentRoute: () => frame,
  path: '/accounts',
  validateSearch: (raw): ListSearch & { dialog?: string } => ({ ...readListSearch(raw), dialog: readText(raw.dialog) }),
  component: lazyRouteComponent(() => import('@/features/accounts/accounts-page'), 'AccountsPage'),
});

const users = createRoute({
  getParentRoute: () => frame,
  path: '/users',
  validateSearch: (raw): ListSearch & { account?: string; dialog?: string } => ({
    ...readListSearch(raw),
    account: readText(raw.account),
    dialog: readText(raw.dialog),
  }),
  component: lazyRouteComponent(() => import('@/features/users/users-page'), 'UsersPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    setup,
    signIn,
    frame.addChildren([
      home,
      collections,
      newCollection,
      collection,
      collectionSettings,
      records,
      record,
      accounts,
      users,
    ]),
  ]),
  basepath: BASE_PATH,
  context: { queryClient },
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  defaultPendingMs: 300,
  defaultPendingComponent: PagePending,
  defaultErrorComponent: PageError,
  defaultNotFoundComponent: NotFoundPage,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
