import { useMutation } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';

/** Sets the caller's own password, for superadmins; every session ends, this one too. */
export function useChangePassword() {
  return useMutation({
    mutationFn: ({ id, password }: { id: string; password: string }) =>
      unwrap(
        api.PUT('/api/v1/users/{id}/password', {
          params: { path: { id } },
          body: { new_password: password, send_reset_link: false },
        }),
      ),
  });
}
