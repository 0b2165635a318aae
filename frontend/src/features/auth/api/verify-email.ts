import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';

/** Confirms an e-mail by the token of a mail. The token works once, so the outcome is kept and never asked again. */
export function emailVerification(token: string) {
  return queryOptions({
    queryKey: ['verify-email', token],
    queryFn: () => unwrap(api.POST('/api/v1/auth/verify-email', { body: { token } })),
    staleTime: Infinity,
    retry: false,
  });
}
