import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import { quote } from '@/shared/collections/filter-text';

interface Wanted {
  collection: string;
  filter: string;
  search: string;
}

/** How many records a filter and a search let through. */
export function recordCount({ collection, filter, search }: Wanted) {
  return queryOptions({
    queryKey: [...keys.records(collection), 'count', { filter, search }],
    queryFn: async () => {
      const query = { limit: 1, fields: 'id', ...(filter && { filter }), ...(search && { search }) };
      return (await unwrap(api.GET('/api/v1/records/{collection}', { params: { path: { collection }, query } }))).total;
    },
  });
}

/** Which of the records, 100 at most, a filter and a search let through. */
export async function matchingIds({ collection, filter, search }: Wanted, ids: string[]): Promise<string[]> {
  const among = `id IN (${ids.map(quote).join(', ')})`;
  const query = {
    limit: 100,
    fields: 'id',
    skip_total: true,
    filter: filter ? `(${filter}) && ${among}` : among,
    ...(search && { search }),
  };
  const reply = await unwrap(api.GET('/api/v1/records/{collection}', { params: { path: { collection }, query } }));
  return reply.items.map(({ id }) => id);
}
