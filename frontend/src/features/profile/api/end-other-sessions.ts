import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

/** Signs the caller out everywhere but here. */
export function useEndOtherSessions() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: () => unwrap(api.DELETE('/api/v1/auth/sessions', { params: { query: { keep_current: true } } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.sessions }),
  });
}
