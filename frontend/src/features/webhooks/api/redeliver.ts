import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import { useActingAccount } from '@/shared/automation/acting-account';

/** Sends the payload of a delivery once more, as a new delivery. */
export function useRedeliver() {
  const queryClient = useQueryClient();
  const account = useActingAccount();
  return useMutation({
    mutationFn: ({ webhook, delivery }: { webhook: string; delivery: string }) =>
      unwrap(
        api.POST('/api/v1/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver', {
          params: { path: { webhook_id: webhook, delivery_id: delivery }, query: account },
        }),
      ),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [...keys.webhooks, 'deliveries'] }),
  });
}
