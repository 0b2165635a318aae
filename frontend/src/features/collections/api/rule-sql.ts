import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

/** The conditions that the stored rules become on the server's database. */
export function ruleSql(name: string) {
  return queryOptions({
    queryKey: [...keys.rules(name), 'sql'],
    queryFn: () => unwrap(api.GET('/api/v1/collections/{name}/rules/sql', { params: { path: { name } } })),
  });
}
