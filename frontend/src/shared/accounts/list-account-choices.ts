import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

/** Id of the account that owns the installation; its users are superadmins. */
export const SYSTEM_ACCOUNT_ID = '00000000-0000-0000-0000-000000000000';

/** Name under which the system account signs in. */
export const SYSTEM_ACCOUNT_SLUG = 'system';

/** The first hundred accounts by name, for a select. */
export function accountChoices() {
  return queryOptions({
    queryKey: [...keys.accounts, 'choices'],
    queryFn: async () =>
      (
        await unwrap(
          api.GET('/api/v1/accounts', { params: { query: { page_size: 100, sort_by: 'name', sort_order: 'asc' } } }),
        )
      ).items,
    staleTime: 30_000,
  });
}
