import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

/** Has the server recompute the checksums of all entries. */
export function chainVerification() {
  return queryOptions({
    queryKey: [...keys.audit, 'verification'],
    queryFn: () => unwrap(api.GET('/api/v1/audit-logs/verify')),
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
}
