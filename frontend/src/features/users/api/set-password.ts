import { useMutation } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';

/** A new password, or null for a mail with a link to choose one. */
type Wish = { id: string; password: string | null };

/** Sets the password of a user, or sends a link to a new one; either way all sessions of the user end. */
export function useSetPassword() {
  return useMutation({
    mutationFn: ({ id, password }: Wish) =>
      unwrap(
        api.PUT('/api/v1/users/{id}/password', {
          params: { path: { id } },
          body: { new_password: password, send_reset_link: password === null },
        }),
      ),
  });
}
