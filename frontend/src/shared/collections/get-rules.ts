import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

/** The rules of a collection: who may do what with its records. */
export function collectionRules(name: string) {
  return queryOptions({
    queryKey: keys.rules(name),
    queryFn: () => unwrap(api.GET('/api/v1/collections/{name}/rules', { params: { path: { name } } })),
  });
}
