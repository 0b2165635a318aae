import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

export function mailLog(id: string) {
  return queryOptions({
    queryKey: [...keys.mailLogs, 'by-id', id],
    queryFn: () => unwrap(api.GET('/api/v1/admin/email/logs/{id}', { params: { path: { id } } })),
    staleTime: Infinity,
  });
}
