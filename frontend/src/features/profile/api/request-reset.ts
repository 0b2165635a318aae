import { useMutation } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';

/** Asks for a mail with a link to a new password. */
export function useRequestReset() {
  return useMutation({
    mutationFn: (body: { account: string; email: string }) =>
      unwrap(api.POST('/api/v1/auth/forgot-password', { body })),
    meta: { toastError: true },
  });
}
