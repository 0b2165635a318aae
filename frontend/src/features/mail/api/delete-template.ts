import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

export function useDeleteTemplate() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(api.DELETE('/api/v1/admin/email/templates/{id}', { params: { path: { id } } })),
    onSuccess: async (_reply, id) => {
      queryClient.removeQueries({ queryKey: [...keys.mailTemplates, 'by-id', id] });
      await queryClient.invalidateQueries({ queryKey: [...keys.mailTemplates, 'list'] });
    },
  });
}
