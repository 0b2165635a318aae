import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

/** An account by its id; for superadmins. */
export function accountById(id: string) {
  return queryOptions({
    queryKey: [...keys.accounts, 'by-id', id],
    queryFn: () => unwrap(api.GET('/api/v1/accounts/{id}', { params: { path: { id } } })),
    staleTime: 60_000,
  });
}
