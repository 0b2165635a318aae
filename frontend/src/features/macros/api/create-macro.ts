import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { MacroInput } from '@/shared/api/types';

/** Stores a macro; the server checks that its query only reads what macros may. */
export function useCreateMacro() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: MacroInput) => unwrap(api.POST('/api/v1/macros', { body })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.macros }),
  });
}
