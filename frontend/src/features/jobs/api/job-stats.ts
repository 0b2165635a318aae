import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

/** How many jobs stand where, and how they fare. */
export function jobStats() {
  return queryOptions({
    queryKey: [...keys.jobs, 'stats'],
    queryFn: () => unwrap(api.GET('/api/v1/admin/jobs/stats')),
  });
}
