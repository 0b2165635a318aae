import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { NewGroup } from '@/shared/api/types';

export function useCreateGroup() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: NewGroup) => unwrap(api.POST('/api/v1/groups', { body })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.groups }),
  });
}
