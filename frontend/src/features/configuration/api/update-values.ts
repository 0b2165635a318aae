import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { ConfigurationUpdate, ConfigurationValues } from '@/shared/api/types';

/** Replaces all values; a value that is the mask keeps the stored one. */
export function useUpdateValues() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ id, values }: { id: string; values: ConfigurationValues }) =>
      unwrap(
        api.PATCH('/api/v1/admin/configuration/{id}/values', {
          params: { path: { id } },
          body: values as ConfigurationUpdate,
        }),
      ),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.configuration }),
  });
}
