import { useMutation } from '@tanstack/react-query';
import { api } from '@/shared/api/client';
import { getSession, setSession } from '@/shared/api/session';

/**
 * Revokes the session at the server and forgets it here, even when the server cannot be reached. What was
 * read stays in memory until the caller has left the pages that show it.
 */
export function useLogout() {
  return useMutation({
    mutationFn: async () => {
      const session = getSession();
      if (!session) return;
      await api.POST('/api/v1/auth/logout', { body: { refresh_token: session.refreshToken } });
    },
    onSettled: () => setSession(null),
  });
}
