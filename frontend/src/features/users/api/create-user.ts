import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { NewUser } from '@/shared/api/types';

/** Creates a user, who cannot sign in before the e-mail is verified. */
export function useCreateUser() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: NewUser) => unwrap(api.POST('/api/v1/users', { body })),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: keys.users });
      await queryClient.invalidateQueries({ queryKey: keys.accounts });
    },
  });
}
