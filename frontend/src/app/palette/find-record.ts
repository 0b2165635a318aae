import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

const AT_ONCE = 6;

/** The name of the collection among `names` that holds a record; null when none does. */
export function recordHome(id: string, names: string[]) {
  return queryOptions({
    queryKey: [...keys.allRecords, 'home', id, names],
    queryFn: async ({ signal }): Promise<string | null> => {
      // Asked as a list: there, nothing found is no error.
      const holds = async (collection: string) => {
        const query = { filter: `id = "${id}"`, limit: 1, fields: 'id', skip_total: true };
        const page = await unwrap(
          api.GET('/api/v1/records/{collection}', { params: { path: { collection }, query }, signal }),
        );
        return page.items.length > 0;
      };
      for (let from = 0; from < names.length; from += AT_ONCE) {
        const some = names.slice(from, from + AT_ONCE);
        const found = await Promise.all(some.map(holds));
        const index = found.indexOf(true);
        if (index !== -1) return some[index] ?? null;
      }
      return null;
    },
    staleTime: 10_000,
  });
}
