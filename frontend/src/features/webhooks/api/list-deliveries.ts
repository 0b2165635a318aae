import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { ActingAccount } from '@/shared/automation/acting-account';

/** A page of a webhook's deliveries, newest first. */
export function deliveryList(account: ActingAccount, id: string, { page, size }: { page: number; size: number }) {
  return queryOptions({
    queryKey: [...keys.webhooks, 'deliveries', account, id, { page, size }],
    queryFn: () =>
      unwrap(
        api.GET('/api/v1/webhooks/{webhook_id}/deliveries', {
          params: { path: { webhook_id: id }, query: { ...account, offset: (page - 1) * size, limit: size } },
        }),
      ),
    placeholderData: keepPreviousData,
  });
}
