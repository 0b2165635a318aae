import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

/** The newest record of a collection, for its real id; null when there is none. */
export function sampleRecord(collection: string) {
  return queryOptions({
    queryKey: [...keys.records(collection), 'sample'],
    queryFn: async () => {
      const { items } = await unwrap(
        api.GET('/api/v1/records/{collection}', {
          params: { path: { collection }, query: { limit: 1, skip_total: true } },
        }),
      );
      return items[0] ?? null;
    },
  });
}
