import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

/** Begins a dead job anew. */
export function useRetryJob() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(api.POST('/api/v1/admin/jobs/{id}/retry', { params: { path: { id } } })),
    // It may have been refused because the job stands elsewhere by now.
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.jobs }),
  });
}
