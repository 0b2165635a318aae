import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { UserUpdate } from '@/shared/api/types';

/** Changes a user; a new e-mail must be verified again unless the change says otherwise. */
export function useUpdateUser() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ id, body }: { id: string; body: UserUpdate }) =>
      unwrap(api.PATCH('/api/v1/users/{id}', { params: { path: { id } }, body })),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: keys.users });
      await queryClient.invalidateQueries({ queryKey: keys.groups, refetchType: 'none' });
    },
  });
}
