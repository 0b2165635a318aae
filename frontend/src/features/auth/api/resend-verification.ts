import { useMutation } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';

/** Asks for another mail to confirm an e-mail. The reply is the same whether or not there is such a user. */
export function useResendVerification() {
  return useMutation({
    mutationFn: (body: { account: string; email: string }) =>
      unwrap(api.POST('/api/v1/auth/resend-verification', { body })),
  });
}
