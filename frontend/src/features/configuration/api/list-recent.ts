import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

const SHOWN = 10;

/** The configurations that were changed last. */
export function recentConfigurations() {
  return queryOptions({
    queryKey: [...keys.configuration, 'recent'],
    queryFn: () => unwrap(api.GET('/api/v1/admin/configuration/recent', { params: { query: { limit: SHOWN } } })),
  });
}
