import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

/** Whether this installation still lacks its first superadmin. */
export function setupStatus() {
  return queryOptions({
    queryKey: keys.setup,
    queryFn: () => unwrap(api.GET('/api/v1/setup')),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}
