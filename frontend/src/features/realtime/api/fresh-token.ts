import { api, unwrap } from '@/shared/api/client';
import { getSession } from '@/shared/api/session';

/** The access token of the session, renewed first if the server does not take it any more. */
export async function freshToken(): Promise<string> {
  await unwrap(api.GET('/api/v1/auth/me'));
  return getSession()?.token ?? '';
}
