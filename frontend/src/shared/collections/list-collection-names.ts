import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

/** The names of all collections, in alphabetical order. */
export function collectionNames() {
  return queryOptions({
    queryKey: [...keys.collections, 'names'],
    queryFn: async () => (await unwrap(api.GET('/api/v1/collections/names'))).names,
    staleTime: 30_000,
  });
}
