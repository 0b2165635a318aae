import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

/** A user by id; for superadmins. */
export function userById(id: string) {
  return queryOptions({
    queryKey: [...keys.users, 'by-id', id],
    queryFn: () => unwrap(api.GET('/api/v1/users/{id}', { params: { path: { id } } })),
    staleTime: 5 * 60_000,
  });
}
