import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { Hook } from '@/shared/api/types';
import type { ActingAccount } from '@/shared/automation/acting-account';

export function hookById(account: ActingAccount, id: string) {
  return queryOptions({
    queryKey: [...keys.hooks, 'by-id', account, id],
    queryFn: async () =>
      (await unwrap(
        api.GET('/api/v1/hooks/{hook_id}', { params: { path: { hook_id: id }, query: account } }),
      )) as unknown as Hook,
  });
}
