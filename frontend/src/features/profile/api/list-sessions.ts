import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

/** Where the caller is signed in. */
export function sessionList() {
  return queryOptions({
    queryKey: keys.sessions,
    queryFn: async () => (await unwrap(api.GET('/api/v1/auth/sessions'))).items,
  });
}
