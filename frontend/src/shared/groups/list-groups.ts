import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

const MOST = 1000;

/** The groups that the caller sees: of the own account, for superadmins of all. At most a thousand. */
export function groupList() {
  return queryOptions({
    queryKey: [...keys.groups, 'list'],
    queryFn: () => unwrap(api.GET('/api/v1/groups', { params: { query: { limit: MOST } } })),
  });
}
