import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

/** One record, its references as ids. */
export function recordById(collection: string, id: string) {
  return queryOptions({
    queryKey: [...keys.records(collection), 'one', id],
    queryFn: () => unwrap(api.GET('/api/v1/records/{collection}/{id}', { params: { path: { collection, id } } })),
  });
}
