import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

/** The caller's own keys, revoked ones too, newest first. */
export function apiKeyList() {
  return queryOptions({
    queryKey: keys.apiKeys,
    queryFn: async () => (await unwrap(api.GET('/api/v1/admin/api-keys'))).items,
  });
}
