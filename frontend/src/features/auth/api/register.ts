import { useMutation } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import type { Registration } from '@/shared/api/types';

/** Makes an account with its first admin, who must confirm the e-mail before signing in. */
export function useRegister() {
  return useMutation({
    mutationFn: (body: Registration) => unwrap(api.POST('/api/v1/auth/register', { body })),
  });
}
