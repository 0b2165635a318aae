import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

/** Deletes a macro; refused with status 409 while a rule uses it. */
export function useDeleteMacro() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => unwrap(api.DELETE('/api/v1/macros/{macro_id}', { params: { path: { macro_id: id } } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.macros }),
  });
}
