import { useMutation } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';

/** Runs a stored macro's query once, in a transaction that is rolled back. */
export function useTryMacro() {
  return useMutation({
    mutationFn: ({ id, parameters }: { id: number; parameters: string[] }) =>
      unwrap(api.POST('/api/v1/macros/{macro_id}/test', { params: { path: { macro_id: id } }, body: { parameters } })),
  });
}
