import { useMutation } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { startSession } from '@/shared/api/session';

/** Makes the user that the invitation is for, and signs in as that user. */
export function useAcceptInvitation() {
  return useMutation({
    mutationFn: ({ token, password }: { token: string; password: string }) =>
      unwrap(api.POST('/api/v1/invitations/{token}/accept', { params: { path: { token } }, body: { password } })),
    onSuccess: startSession,
  });
}
