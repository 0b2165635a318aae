import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

/** Every collection with its fields and rules, by name: what references lead to, and from where they come. */
export function allSchemas() {
  return queryOptions({
    queryKey: [...keys.collections, 'schemas'],
    queryFn: async () => (await unwrap(api.GET('/api/v1/collections/export'))).collections,
    staleTime: 30_000,
  });
}
