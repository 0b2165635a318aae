import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

export function useAddMember(id: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (userId: string) =>
      unwrap(api.POST('/api/v1/groups/{id}/users', { params: { path: { id } }, body: { user_id: userId } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.groups }),
  });
}
