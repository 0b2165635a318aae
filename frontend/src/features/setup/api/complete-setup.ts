import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import { startSession } from '@/shared/api/session';

/** Creates the first superadmin and signs in as this user. */
export function useCompleteSetup() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: { email: string; password: string; token: string }) =>
      unwrap(api.POST('/api/v1/setup', { body })),
    onSuccess: (reply) => {
      queryClient.setQueryData(keys.setup, { needed: false });
      startSession(reply);
    },
  });
}
