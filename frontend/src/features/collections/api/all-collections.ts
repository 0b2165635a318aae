import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { CollectionSummary } from '@/shared/api/types';

const PAGE = 100;

/** Every collection, by name. */
export function allCollections() {
  return queryOptions({
    queryKey: [...keys.collections, 'all'],
    queryFn: async () => {
      const found: CollectionSummary[] = [];
      for (let page = 1; ; page += 1) {
        const query = { page, page_size: PAGE, sort_by: 'name', sort_order: 'asc' };
        const reply = await unwrap(api.GET('/api/v1/collections', { params: { query } }));
        found.push(...reply.items);
        if (page >= reply.total_pages) return found;
      }
    },
  });
}
