import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

/** Deletes an account with its users, records and files. */
export function useDeleteAccount() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(api.DELETE('/api/v1/accounts/{id}', { params: { path: { id } } })),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: keys.accounts });
      for (const queryKey of [keys.users, keys.allRecords, keys.collections]) {
        await queryClient.invalidateQueries({ queryKey, refetchType: 'none' });
      }
    },
  });
}
