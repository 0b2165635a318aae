import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';

/** Whether a link to a new password can still be used. */
export function resetTokenState(token: string) {
  return queryOptions({
    queryKey: ['reset-token', token],
    queryFn: () => unwrap(api.GET('/api/v1/auth/verify-reset-token/{token}', { params: { path: { token } } })),
    staleTime: Infinity,
  });
}
