import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { WebhookUpdate } from '@/shared/api/types';
import { useActingAccount } from '@/shared/automation/acting-account';

/** Changes parts of a webhook; it counts from the next attempt on. */
export function useUpdateWebhook() {
  const queryClient = useQueryClient();
  const account = useActingAccount();
  return useMutation({
    mutationFn: ({ id, body }: { id: string; body: WebhookUpdate }) =>
      unwrap(api.PUT('/api/v1/webhooks/{webhook_id}', { params: { path: { webhook_id: id }, query: account }, body })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.webhooks }),
  });
}
