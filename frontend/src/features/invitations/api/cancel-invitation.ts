import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

/** Withdraws an invitation: its link no longer works. */
export function useCancelInvitation() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => unwrap(api.DELETE('/api/v1/invitations/{token}', { params: { path: { token: id } } })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.invitations }),
  });
}
