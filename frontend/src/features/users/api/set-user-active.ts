import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { UserPage } from '@/shared/api/types';

/** Lets a user sign in or keeps the user out; shown at once and taken back when the server refuses. */
export function useSetUserActive() {
  const queryClient = useQueryClient();
  const queryKey = [...keys.users, 'list'];
  const mutationKey = [...keys.users, 'active'];
  return useMutation({
    mutationKey,
    // One after the other, so that the last press of the switch is the one that counts.
    scope: { id: mutationKey.join('/') },
    mutationFn: ({ id, active }: { id: string; active: boolean }) =>
      unwrap(api.PATCH('/api/v1/users/{id}', { params: { path: { id } }, body: { is_active: active } })),
    onMutate: async ({ id, active }) => {
      await queryClient.cancelQueries({ queryKey });
      const before = queryClient.getQueriesData<UserPage>({ queryKey });
      queryClient.setQueriesData<UserPage>(
        { queryKey },
        (page) =>
          page && {
            ...page,
            items: page.items.map((user) => (user.id === id ? { ...user, is_active: active } : user)),
          },
      );
      return { before };
    },
    onError: (_error, _variables, context) => {
      for (const [key, page] of context?.before ?? []) queryClient.setQueryData(key, page);
    },
    // While another press waits, the server's answer would show the state before it.
    onSettled: () =>
      queryClient.isMutating({ mutationKey }) > 1 ? undefined : queryClient.invalidateQueries({ queryKey: keys.users }),
    meta: { toastError: true },
  });
}
