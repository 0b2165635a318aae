import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';

/** Goes to sign-in and then forgets what was read: pages still shown would otherwise read it anew, as nobody. */
export function useLeave(): () => Promise<void> {
  const queryClient = useQueryClient();
  const router = useRouter();
  return async () => {
    await router.navigate({ to: '/sign-in', search: {} });
    queryClient.clear();
  };
}
