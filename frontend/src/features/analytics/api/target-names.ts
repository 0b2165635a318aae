import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import { quote } from '@/shared/collections/filter-text';

const MOST = 100;

/** What stands for records of a collection, by their ids: the values of its display field. */
export function targetNames(collection: string, display: string, ids: string[]) {
  const asked = ids.slice(0, MOST);
  return queryOptions({
    queryKey: [...keys.records(collection), 'names', display, asked],
    queryFn: async () => {
      const { items } = await unwrap(
        api.GET('/api/v1/records/{collection}', {
          params: {
            path: { collection },
            query: { filter: `id IN (${asked.map(quote).join(', ')})`, fields: display, limit: MOST, skip_total: true },
          },
        }),
      );
      return Object.fromEntries(
        items.flatMap((item) => {
          const name = item[display];
          return typeof name === 'string' && name !== '' ? [[item.id, name] as const] : [];
        }),
      );
    },
    staleTime: 60_000,
  });
}
