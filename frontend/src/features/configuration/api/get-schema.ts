import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

/** The JSON Schema of a provider's values. */
export function providerSchema(category: string, provider: string) {
  return queryOptions({
    queryKey: [...keys.configuration, 'schema', category, provider],
    queryFn: () =>
      unwrap(
        api.GET('/api/v1/admin/configuration/schema/{category}/{provider}', {
          params: { path: { category, provider } },
        }),
      ),
    staleTime: Infinity,
  });
}
