import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { Hook, NewHook } from '@/shared/api/types';
import { useActingAccount } from '@/shared/automation/acting-account';
import type { HookBody } from '../hook-draft';

export function useCreateHook() {
  const queryClient = useQueryClient();
  const account = useActingAccount();
  return useMutation({
    mutationFn: async (body: HookBody) =>
      (await unwrap(
        api.POST('/api/v1/hooks', { params: { query: account }, body: body as unknown as NewHook }),
      )) as unknown as Hook,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.hooks }),
  });
}
