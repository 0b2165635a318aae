import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

const SHOWN = 20;

/** The first users, by e-mail, whose e-mail contains the text; of one account or of all. */
export function userSearch(search: string, accountId: string | undefined) {
  return queryOptions({
    queryKey: [...keys.users, 'search', { search, accountId }],
    queryFn: async () =>
      (
        await unwrap(
          api.GET('/api/v1/users', {
            params: {
              query: {
                limit: SHOWN,
                sort: '+email',
                ...(search && { search }),
                ...(accountId && { account_id: accountId }),
              },
            },
          }),
        )
      ).items,
    placeholderData: keepPreviousData,
  });
}
