import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

/** What an invited person may know before accepting. */
export function invitationByToken(token: string) {
  return queryOptions({
    queryKey: [...keys.invitations, 'by-token', token],
    queryFn: () => unwrap(api.GET('/api/v1/invitations/{token}', { params: { path: { token } } })),
    staleTime: Infinity,
  });
}
