import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import { parseSort } from '@/shared/lib/list-search';

interface Wanted {
  collection: string;
  page: number;
  size: number;
  /** Absent for the API's own order: the newest first, or the best match of a search. */
  sort?: string;
  /** Filter expression; empty for none. */
  filter: string;
  /** Reference fields whose records come along. */
  expand: string[];
  /** Words that searchable fields must contain; empty for no search. */
  search?: string;
}

/** A page of a collection's records. A filter that does not parse is refused with status 400. */
export function recordList({ collection, page, size, sort, filter, expand, search = '' }: Wanted) {
  const order = sort === undefined ? undefined : parseSort(sort);
  return queryOptions({
    queryKey: [...keys.records(collection), 'list', { page, size, sort, filter, expand, search }],
    queryFn: () =>
      unwrap(
        api.GET('/api/v1/records/{collection}', {
          params: {
            path: { collection },
            query: {
              skip: (page - 1) * size,
              limit: size,
              // A bare name sorts descending in this API, so the direction is always given.
              ...(order && { sort: `${order.descending ? '-' : '+'}${order.column}` }),
              ...(filter && { filter }),
              ...(search && { search }),
              ...(expand.length > 0 && { expand: expand.join(',') }),
            },
          },
        }),
      ),
    placeholderData: (previous, query) => (query?.queryKey[1] === collection ? keepPreviousData(previous) : undefined),
  });
}
