import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { DashboardStats } from '@/shared/api/types';

/** Figures of the whole installation. */
export function dashboardStats() {
  return queryOptions({
    queryKey: keys.dashboard,
    queryFn: async () => (await unwrap(api.GET('/api/v1/dashboard/stats'))) as DashboardStats,
  });
}
