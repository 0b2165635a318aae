import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

export function templateById(id: string) {
  return queryOptions({
    queryKey: [...keys.mailTemplates, 'by-id', id],
    queryFn: () => unwrap(api.GET('/api/v1/admin/email/templates/{id}', { params: { path: { id } } })),
  });
}
