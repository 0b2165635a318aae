import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { MacroInput } from '@/shared/api/types';

/** Changes a macro; rules that use it follow with the next request. */
export function useUpdateMacro() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ id, body }: { id: number; body: MacroInput }) =>
      unwrap(api.PUT('/api/v1/macros/{macro_id}', { params: { path: { macro_id: id } }, body })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.macros }),
  });
}
