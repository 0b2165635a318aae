import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router';
import { type AccountScope, keepAccountScope, readAccountScope } from '@/shared/accounts/account-scope';
import type { Audience } from '@/shared/api/audience';
import { asApiError } from '@/shared/api/errors';
import { me } from '@/shared/api/get-me';
import { getSession } from '@/shared/api/session';
import { NotFoundPage } from '../not-found-page';

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    /** Whom the page is for; superadmins when absent. */
    audience?: Audience;
    /** Whether the page shows only the account in view, where one is chosen. */
    scoped?: boolean | ((search: { tab?: string }) => boolean);
  }
}

export const root = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Outlet,
  notFoundComponent: NotFoundPage,
});

/** Everything that needs a signed-in user stands inside the frame. */
export const frame = createRoute({
  getParentRoute: () => root,
  id: 'frame',
  validateSearch: (raw): AccountScope => readAccountScope(raw),
  search: { middlewares: [keepAccountScope] },
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
  component: lazyRouteComponent(() => import('../frame/frame'), 'Frame'),
});
