import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import { parseSort } from '@/shared/lib/list-search';

interface Wanted {
  collection: string;
  page: number;
  size: number;
  sort: string;
  /** Filter expression; empty for none. */
  filter: string;
  /** Reference fields whose records come along. */
  expand: string[];
}

/** A page of a collection's records. A filter that does not parse is refused with status 400. */
export function recordList({ collection, page, size, sort, filter, expand }: Wanted) {
  const { column, descending } = parseSort(sort);
  return queryOptions({
    queryKey: [...keys.records(collection), 'list', { page, size, sort, filter, expand }],
    queryFn: () =>
      unwrap(
        api.GET('/api/v1/records/{collection}', {
          params: {
            path: { collection },
            query: {
              skip: (page - 1) * size,
              limit: size,
              // A bare name sorts descending in this API, so the direction is always given.
              sort: `${descending ? '-' : '+'}${column}`,
              ...(filter && { filter }),
              ...(expand.length > 0 && { expand: expand.join(',') }),
            },
          },
        }),
      ),
    placeholderData: (previous, query) => (query?.queryKey[1] === collection ? keepPreviousData(previous) : undefined),
  });
}
