import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { ActingAccount } from '@/shared/automation/acting-account';

/** All webhooks of an account, newest first. */
export function webhookList(account: ActingAccount) {
  return queryOptions({
    queryKey: [...keys.webhooks, 'list', account],
    queryFn: async () => (await unwrap(api.GET('/api/v1/webhooks', { params: { query: account } }))).items,
  });
}
