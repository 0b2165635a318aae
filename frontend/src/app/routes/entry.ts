import type { QueryClient } from '@tanstack/react-query';
import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { setupStatus } from '@/features/setup/api/get-setup-status';
import { getSession } from '@/shared/api/session';
import { readText } from '@/shared/lib/list-search';
import { root } from './root';

/** Whether set-up is due; a server that cannot tell counts as set up, sign-in will say what is wrong. */
async function isSetupNeeded(client: QueryClient): Promise<boolean> {
  try {
    return (await client.ensureQueryData(setupStatus())).needed;
  } catch {
    return false;
  }
}

const readToken = (raw: Record<string, unknown>): { token?: string } => ({ token: readText(raw.token) });

const setup = createRoute({
  getParentRoute: () => root,
  path: '/setup',
  validateSearch: readToken,
  beforeLoad: async ({ context }) => {
    if (!(await isSetupNeeded(context.queryClient))) throw redirect({ to: '/' });
  },
  component: lazyRouteComponent(() => import('../entry/setup-route'), 'SetupRoute'),
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (raw): { redirect?: string; account?: string } => ({
    redirect: readText(raw.redirect),
    account: readText(raw.account),
  }),
  beforeLoad: async ({ context }) => {
    if (getSession()) throw redirect({ to: '/' });
    if (await isSetupNeeded(context.queryClient)) throw redirect({ to: '/setup' });
  },
  component: lazyRouteComponent(() => import('../entry/sign-in-route'), 'SignInRoute'),
});

const register = createRoute({
  getParentRoute: () => root,
  path: '/register',
  beforeLoad: () => {
    if (getSession()) throw redirect({ to: '/' });
  },
  component: lazyRouteComponent(() => import('@/features/auth/register-page'), 'RegisterPage'),
});

const forgotPassword = createRoute({
  getParentRoute: () => root,
  path: '/forgot-password',
  validateSearch: (raw): { account?: string; email?: string } => ({
    account: readText(raw.account),
    email: readText(raw.email),
  }),
  component: lazyRouteComponent(() => import('@/features/auth/forgot-password-page'), 'ForgotPasswordPage'),
});

// The three pages below are opened from mails, with a token in the address.
const resetPassword = createRoute({
  getParentRoute: () => root,
  path: '/reset-password',
  validateSearch: readToken,
  component: lazyRouteComponent(() => import('../entry/mail-link-routes'), 'ResetPasswordRoute'),
});

const verifyEmail = createRoute({
  getParentRoute: () => root,
  path: '/verify-email',
  validateSearch: readToken,
  component: lazyRouteComponent(() => import('../entry/mail-link-routes'), 'VerifyEmailRoute'),
});

const acceptInvitation = createRoute({
  getParentRoute: () => root,
  path: '/accept-invitation',
  validateSearch: readToken,
  component: lazyRouteComponent(() => import('../entry/accept-invitation-route'), 'AcceptInvitationRoute'),
});

export const entryRoutes = [
  setup,
  signIn,
  register,
  forgotPassword,
  resetPassword,
  verifyEmail,
  acceptInvitation,
] as const;
