import { useMutation } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { startSession } from '@/shared/api/session';

export interface Credentials {
  /** Short name or code of the account. */
  account: string;
  email: string;
  password: string;
}

/** Signs in and keeps the session. */
export function useLogin() {
  return useMutation({
    mutationFn: (body: Credentials) => unwrap(api.POST('/api/v1/auth/login', { body })),
    onSuccess: startSession,
  });
}
