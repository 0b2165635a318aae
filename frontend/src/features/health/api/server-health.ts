import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

/** How the parts of the server are. */
export function serverHealth() {
  return queryOptions({
    queryKey: keys.health,
    queryFn: () => unwrap(api.GET('/api/v1/admin/health')),
  });
}
