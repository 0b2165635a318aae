import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

const PATH = '/api/v1/admin/configuration/{id}/set-default';

/** Makes a configuration the default of its category, or no longer. */
export function useSetDefault() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: async ({ id, isDefault }: { id: string; isDefault: boolean }) => {
      const params = { path: { id } };
      if (isDefault) await unwrap(api.POST(PATH, { params }));
      else await unwrap(api.DELETE(PATH, { params }));
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.configuration }),
    meta: { toastError: true },
  });
}
