import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

/** The kinds of providers that can be configured. */
export function providerList() {
  return queryOptions({
    queryKey: [...keys.configuration, 'providers'],
    queryFn: () => unwrap(api.GET('/api/v1/admin/configuration/providers', {})),
    staleTime: Infinity,
  });
}
