import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

export function jobById(id: string) {
  return queryOptions({
    queryKey: [...keys.jobs, 'by-id', id],
    queryFn: () => unwrap(api.GET('/api/v1/admin/jobs/{id}', { params: { path: { id } } })),
  });
}
