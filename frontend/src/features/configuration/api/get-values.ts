import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

/** The values of a configuration, its secrets masked. */
export function configurationValues(id: string) {
  return queryOptions({
    queryKey: [...keys.configuration, 'values', id],
    queryFn: () => unwrap(api.GET('/api/v1/admin/configuration/{id}/values', { params: { path: { id } } })),
    gcTime: 0,
  });
}
