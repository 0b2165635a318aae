import { useMutation } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';

/** Sends a user the mail to confirm the e-mail again. */
export function useResendVerification() {
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(api.POST('/api/v1/users/{id}/resend-verification', { params: { path: { id } } })),
    meta: { toastError: true },
  });
}
