import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { AccountConfiguration, SystemConfiguration } from '@/shared/api/types';

/** A configured provider, of the system or of an account. */
export type Configuration = AccountConfiguration & Partial<Pick<SystemConfiguration, 'is_builtin'>>;

/** What is configured for an account, or for the whole installation when none is named. */
export function configurationList(accountId: string | undefined) {
  return queryOptions({
    queryKey: [...keys.configuration, 'list', accountId ?? 'system'],
    queryFn: async (): Promise<Omit<Configuration, 'account_id'>[]> =>
      accountId === undefined
        ? unwrap(api.GET('/api/v1/admin/configuration/system', {}))
        : unwrap(api.GET('/api/v1/admin/configuration/account', { params: { query: { account_id: accountId } } })),
  });
}

/** A row of the list. */
export type ConfigurationRow = Omit<Configuration, 'account_id'>;
