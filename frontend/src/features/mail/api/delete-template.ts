import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

export function useDeleteTemplate() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(api.DELETE('/api/v1/admin/email/templates/{id}', { params: { path: { id } } })),
    onSuccess: async (_reply, id) => {
      // What was deleted may still stand in a closing drawer, which must not read it again.
      await queryClient.invalidateQueries({ queryKey: [...keys.mailTemplates, 'by-id', id], refetchType: 'none' });
      await queryClient.invalidateQueries({ queryKey: [...keys.mailTemplates, 'list'] });
    },
  });
}
