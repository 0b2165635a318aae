import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import { useActingAccount } from '@/shared/automation/acting-account';

/** Deletes a hook with its executions. */
export function useDeleteHook() {
  const queryClient = useQueryClient();
  const account = useActingAccount();
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(api.DELETE('/api/v1/hooks/{hook_id}', { params: { path: { hook_id: id }, query: account } })),
    // The hook itself is not asked for again, as it is gone.
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [...keys.hooks, 'list'] }),
  });
}
