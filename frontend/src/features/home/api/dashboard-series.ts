import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

/** What happened on each of the last days, oldest first. */
export function dashboardSeries(days: number) {
  return queryOptions({
    queryKey: [...keys.dashboard, 'series', days],
    queryFn: () => unwrap(api.GET('/api/v1/dashboard/series', { params: { query: { days } } })),
    placeholderData: keepPreviousData,
  });
}
