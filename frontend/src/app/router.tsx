import { createRouter } from '@tanstack/react-router';
import { NotFoundPage } from './not-found-page';
import { PageError } from './page-error';
import { PagePending } from './page-pending';
import { queryClient } from './query-client';
import { dataRoutes } from './routes/data';
import { entryRoutes } from './routes/entry';
import { operationsRoutes } from './routes/operations';
import { peopleRoutes } from './routes/people';
import { frame, root } from './routes/root';

export const BASE_PATH = '/_';

export const router = createRouter({
  routeTree: root.addChildren([
    ...entryRoutes,
    frame.addChildren([...dataRoutes, ...peopleRoutes, ...operationsRoutes]),
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
