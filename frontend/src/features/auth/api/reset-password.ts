import { useMutation } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';

/** Sets a new password by the token of a mail; every session of the user ends. */
export function useResetPassword() {
  return useMutation({
    mutationFn: ({ token, password }: { token: string; password: string }) =>
      unwrap(api.POST('/api/v1/auth/reset-password', { body: { token, new_password: password } })),
  });
}
