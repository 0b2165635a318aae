import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { RoleInput } from '@/shared/api/types';

export function useCreateRole() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: RoleInput) => unwrap(api.POST('/api/v1/roles', { body })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.roles }),
  });
}
