import { getRouteApi, useRouter } from '@tanstack/react-router';
import { SignInPage } from '@/features/auth/sign-in-page';
import { BASE_PATH } from '../router';

const route = getRouteApi('/sign-in');

/** Goes back to the page that was asked for; only to one of this UI. */
export function SignInRoute() {
  const { redirect, account } = route.useSearch();
  const router = useRouter();
  const target = redirect?.startsWith('/') && !redirect.startsWith('//') ? redirect : '/';
  return <SignInPage account={account} onDone={() => router.history.replace(BASE_PATH + target)} />;
}
