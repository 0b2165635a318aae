import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import { parseSort } from '@/shared/lib/list-search';

interface Wanted {
  page: number;
  size: number;
  sort: string;
  search: string;
}

/** A page of accounts whose name, short name, code or id contains the search text. */
export function accountList({ page, size, sort, search }: Wanted) {
  const { column, descending } = parseSort(sort);
  return queryOptions({
    queryKey: [...keys.accounts, 'list', { page, size, sort, search }],
    queryFn: () =>
      unwrap(
        api.GET('/api/v1/accounts', {
          params: {
            query: {
              page,
              page_size: size,
              sort_by: column,
              sort_order: descending ? 'desc' : 'asc',
              ...(search && { search }),
            },
          },
        }),
      ),
    placeholderData: keepPreviousData,
  });
}
