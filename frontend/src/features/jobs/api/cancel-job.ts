import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

/** Removes a job that has not begun. */
export function useCancelJob() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(api.DELETE('/api/v1/admin/jobs/{id}', { params: { path: { id } } })),
    // The job itself is not asked for again, as it is gone.
    onSuccess: () =>
      Promise.all(['list', 'stats'].map((part) => queryClient.invalidateQueries({ queryKey: [...keys.jobs, part] }))),
    // It may have been refused because the job stands elsewhere by now.
    onError: () => queryClient.invalidateQueries({ queryKey: keys.jobs }),
  });
}
