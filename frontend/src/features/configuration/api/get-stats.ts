import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

/** How many configurations are enabled, by category. */
export function configurationStats() {
  return queryOptions({
    queryKey: [...keys.configuration, 'stats'],
    queryFn: () => unwrap(api.GET('/api/v1/admin/configuration/stats')),
  });
}
