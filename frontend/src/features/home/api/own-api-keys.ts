import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

/** Whether the caller has ever made an API key. */
export function ownApiKeys() {
  return queryOptions({
    queryKey: [...keys.apiKeys, 'any'],
    queryFn: async () => (await unwrap(api.GET('/api/v1/admin/api-keys'))).items.length > 0,
  });
}
