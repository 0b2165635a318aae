import { useMutation } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import type { PasswordChange } from '@/shared/api/types';

/** A new password, or null for a mail with a link to choose one. */
type Wish = { id: string; password: string | null };

/** Sets the password of a user, or sends a link to a new one; either way all sessions of the user end. */
export function useSetPassword() {
  return useMutation({
    mutationFn: ({ id, password }: Wish) => {
      const body = password === null ? { send_reset_link: true } : { new_password: password };
      return unwrap(api.PUT('/api/v1/users/{id}/password', { params: { path: { id } }, body: body as PasswordChange }));
    },
  });
}
