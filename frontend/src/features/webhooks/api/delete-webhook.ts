import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import { useActingAccount } from '@/shared/automation/acting-account';

/** Deletes a webhook with its deliveries. */
export function useDeleteWebhook() {
  const queryClient = useQueryClient();
  const account = useActingAccount();
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(api.DELETE('/api/v1/webhooks/{webhook_id}', { params: { path: { webhook_id: id }, query: account } })),
    // Its deliveries are not asked for again, as they are gone.
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [...keys.webhooks, 'list'] }),
  });
}
