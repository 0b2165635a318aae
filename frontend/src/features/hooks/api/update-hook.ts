import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { Hook, HookUpdate } from '@/shared/api/types';
import { useActingAccount } from '@/shared/automation/acting-account';
import type { HookBody } from '../hook-draft';

/** Changes a hook; it counts from the next event on. */
export function useUpdateHook() {
  const queryClient = useQueryClient();
  const account = useActingAccount();
  return useMutation({
    mutationFn: async ({ id, body }: { id: string; body: HookBody }) =>
      (await unwrap(
        api.PATCH('/api/v1/hooks/{hook_id}', {
          params: { path: { hook_id: id }, query: account },
          body: body as unknown as HookUpdate,
        }),
      )) as unknown as Hook,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.hooks }),
  });
}
