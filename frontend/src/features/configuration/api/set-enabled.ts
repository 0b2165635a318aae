import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { ConfigurationRow } from './list-configurations';

/** Switches a configuration on or off; shown at once and taken back when the server refuses. */
export function useSetEnabled() {
  const queryClient = useQueryClient();
  const queryKey = [...keys.configuration, 'list'];
  return useMutation({
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
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.configuration }),
    meta: { toastError: true },
  });
}
