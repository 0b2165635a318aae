import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { ConfigurationRow } from './list-configurations';

/** Switches a configuration on or off; shown at once and taken back when the server refuses. */
export function useSetEnabled() {
  const queryClient = useQueryClient();
  const queryKey = [...keys.configuration, 'list'];
  const mutationKey = [...keys.configuration, 'enabled'];
  return useMutation({
    mutationKey,
    // One after the other, so that the last press of the switch is the one that counts.
    scope: { id: mutationKey.join('/') },
    mutationFn: ({ id, enabled }: { id: string; enabled: boolean }) =>
      unwrap(api.PATCH('/api/v1/admin/configuration/{id}', { params: { path: { id } }, body: { enabled } })),
    onMutate: async ({ id, enabled }) => {
      await queryClient.cancelQueries({ queryKey });
      const before = queryClient.getQueriesData<ConfigurationRow[]>({ queryKey });
      queryClient.setQueriesData<ConfigurationRow[]>({ queryKey }, (rows) =>
        rows?.map((row) => (row.id === id ? { ...row, enabled, is_default: enabled && row.is_default } : row)),
      );
      return { before };
    },
    onError: (_error, _variables, context) => {
      for (const [key, rows] of context?.before ?? []) queryClient.setQueryData(key, rows);
    },
    // While another press waits, the server's answer would show the state before it.
    onSettled: () =>
      queryClient.isMutating({ mutationKey }) > 1
        ? undefined
        : queryClient.invalidateQueries({ queryKey: keys.configuration }),
    meta: { toastError: true },
  });
}
