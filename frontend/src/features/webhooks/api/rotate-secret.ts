import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import { useActingAccount } from '@/shared/automation/acting-account';

/** Gives a webhook a new secret; the reply alone holds it. */
export function useRotateSecret() {
  const queryClient = useQueryClient();
  const account = useActingAccount();
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(
        api.POST('/api/v1/webhooks/{webhook_id}/rotate-secret', {
          params: { path: { webhook_id: id }, query: account },
        }),
      ),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [...keys.webhooks, 'list'] }),
  });
}
