import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

/** The five newest collections, newest first, with how many there are. */
export function newestCollections() {
  return queryOptions({
    queryKey: [...keys.collections, 'newest'],
    queryFn: () =>
      unwrap(
        api.GET('/api/v1/collections', {
          params: { query: { page_size: 5, sort_by: 'created_at', sort_order: 'desc' } },
        }),
      ),
  });
}
