import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { NewWebhook } from '@/shared/api/types';
import { useActingAccount } from '@/shared/automation/acting-account';

/** Makes a webhook; the reply alone holds its secret. */
export function useCreateWebhook() {
  const queryClient = useQueryClient();
  const account = useActingAccount();
  return useMutation({
    mutationFn: (body: NewWebhook) => unwrap(api.POST('/api/v1/webhooks', { params: { query: account }, body })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.webhooks }),
  });
}
