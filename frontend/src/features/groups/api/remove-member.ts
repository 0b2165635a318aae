import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { GroupDetail } from '@/shared/api/types';

/** Takes a user out of a group; shown at once and taken back when the server refuses. */
export function useRemoveMember(id: string) {
  const queryClient = useQueryClient();
  const queryKey = [...keys.groups, 'by-id', id];
  return useMutation({
    mutationFn: (userId: string) =>
      unwrap(api.DELETE('/api/v1/groups/{id}/users/{user_id}', { params: { path: { id, user_id: userId } } })),
    onMutate: async (userId) => {
      await queryClient.cancelQueries({ queryKey });
      const before = queryClient.getQueryData<GroupDetail>(queryKey);
      queryClient.setQueryData<GroupDetail>(
        queryKey,
        (group) => group && { ...group, users: group.users.filter((user) => user.id !== userId) },
      );
      return { before };
    },
    onError: (_error, _userId, context) => queryClient.setQueryData(queryKey, context?.before),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.groups }),
    meta: { toastError: true },
  });
}
