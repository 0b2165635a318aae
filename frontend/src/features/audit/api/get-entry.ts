import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

/** One entry, which never changes. */
export function auditEntry(id: number) {
  return queryOptions({
    queryKey: [...keys.audit, 'by-id', id],
    queryFn: () => unwrap(api.GET('/api/v1/audit-logs/{log_id}', { params: { path: { log_id: id } } })),
    staleTime: Infinity,
  });
}
