import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { RoleInput } from '@/shared/api/types';

/** Changes name and description; users show the new name. */
export function useUpdateRole() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ id, body }: { id: number; body: RoleInput }) =>
      unwrap(api.PUT('/api/v1/roles/{id}', { params: { path: { id } }, body })),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: keys.roles });
      await queryClient.invalidateQueries({ queryKey: keys.users, refetchType: 'none' });
    },
  });
}
