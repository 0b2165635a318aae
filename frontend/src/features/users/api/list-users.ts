import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import { parseSort } from '@/shared/lib/list-search';

interface Wanted {
  page: number;
  size: number;
  sort: string;
  /** Part of the e-mail; empty for all. */
  search: string;
  /** Absent for all accounts. */
  accountId: string | undefined;
  /** Absent for all roles. */
  roleId: number | undefined;
  /** Absent for both. */
  active: boolean | undefined;
}

/** A page of users of one account or of all. */
export function userList({ page, size, sort, search, accountId, roleId, active }: Wanted) {
  const { column, descending } = parseSort(sort);
  return queryOptions({
    queryKey: [...keys.users, 'list', { page, size, sort, search, accountId, roleId, active }],
    queryFn: () =>
      unwrap(
        api.GET('/api/v1/users', {
          params: {
            query: {
              skip: (page - 1) * size,
              limit: size,
              sort: `${descending ? '-' : '+'}${column}`,
              ...(search && { search }),
              ...(accountId && { account_id: accountId }),
              ...(roleId && { role_id: roleId }),
              ...(active !== undefined && { is_active: active }),
            },
          },
        }),
      ),
    placeholderData: keepPreviousData,
  });
}
