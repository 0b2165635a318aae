import { useMutation } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { useActingAccount } from '@/shared/automation/acting-account';

/** Sends a made-up event to a webhook at once, and tells the reply. */
export function useTestWebhook() {
  const account = useActingAccount();
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(api.POST('/api/v1/webhooks/{webhook_id}/test', { params: { path: { webhook_id: id }, query: account } })),
  });
}
