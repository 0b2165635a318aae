import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

const SHOWN = 20;

/** The first accounts, by name, that a text finds; for superadmins. */
export function accountSearch(search: string) {
  return queryOptions({
    queryKey: [...keys.accounts, 'search', search],
    queryFn: async () =>
      (
        await unwrap(
          api.GET('/api/v1/accounts', {
            params: { query: { page_size: SHOWN, sort_by: 'name', sort_order: 'asc', ...(search && { search }) } },
          }),
        )
      ).items,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}
