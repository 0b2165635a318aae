import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

/** Figures of the whole installation. */
export function dashboardStats() {
  return queryOptions({
    queryKey: keys.dashboard,
    queryFn: () => unwrap(api.GET('/api/v1/dashboard/stats')),
  });
}
