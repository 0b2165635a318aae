import { useMutation } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';

/** Asks for a mail with a link to a new password. The reply is the same whether or not there is such a user. */
export function useForgotPassword() {
  return useMutation({
    mutationFn: (body: { account: string; email: string }) =>
      unwrap(api.POST('/api/v1/auth/forgot-password', { body })),
  });
}
