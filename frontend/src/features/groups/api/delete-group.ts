import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

/** Deletes a group; its members stay users. */
export function useDeleteGroup() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(api.DELETE('/api/v1/groups/{id}', { params: { path: { id } } })),
    onSuccess: async (_reply, id) => {
      // What was deleted may still stand in a closing drawer, which must not read it again.
      await queryClient.invalidateQueries({ queryKey: [...keys.groups, 'by-id', id], refetchType: 'none' });
      await queryClient.invalidateQueries({ queryKey: [...keys.groups, 'list'] });
    },
  });
}
