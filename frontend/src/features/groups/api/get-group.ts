import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

/** A group with its members. */
export function groupById(id: string) {
  return queryOptions({
    queryKey: [...keys.groups, 'by-id', id],
    queryFn: () => unwrap(api.GET('/api/v1/groups/{id}', { params: { path: { id } } })),
  });
}
