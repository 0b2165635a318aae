import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

/** All revisions of the database schema, newest first. */
export function migrationList() {
  return queryOptions({
    queryKey: [...keys.migrations, 'list'],
    queryFn: () => unwrap(api.GET('/api/v1/migrations')),
  });
}
