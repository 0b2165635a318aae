import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from './client';
import { keys } from './query-keys';

/** Who the server takes the caller for; proves that the session still counts. */
export function me() {
  return queryOptions({
    queryKey: keys.me,
    queryFn: () => unwrap(api.GET('/api/v1/auth/me')),
    staleTime: 5 * 60_000,
  });
}
