import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import { useActingAccount } from '@/shared/automation/acting-account';

/** Switches a hook off when it is on, and the other way round. */
export function useToggleHook() {
  const queryClient = useQueryClient();
  const account = useActingAccount();
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(api.PATCH('/api/v1/hooks/{hook_id}/toggle', { params: { path: { hook_id: id }, query: account } })),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.hooks }),
  });
}
