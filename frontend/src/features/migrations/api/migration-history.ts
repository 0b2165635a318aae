import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

/** The revisions that were applied, in their order. */
export function migrationHistory() {
  return queryOptions({
    queryKey: [...keys.migrations, 'history'],
    queryFn: async () => (await unwrap(api.GET('/api/v1/migrations/history'))).history,
  });
}
