import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { HookRunInput, JsonObject } from '@/shared/api/types';
import { useActingAccount } from '@/shared/automation/acting-account';

/** Sets a hook off by hand, on a record that need not exist. */
export function useTriggerHook() {
  const queryClient = useQueryClient();
  const account = useActingAccount();
  return useMutation({
    mutationFn: ({ id, record }: { id: string; record: JsonObject }) =>
      unwrap(
        api.POST('/api/v1/hooks/{hook_id}/trigger', {
          params: { path: { hook_id: id }, query: account },
          body: record as unknown as HookRunInput,
        }),
      ),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.hooks }),
  });
}
