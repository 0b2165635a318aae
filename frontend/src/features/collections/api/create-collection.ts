import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { NewCollection } from '@/shared/api/types';

/** Creates a collection; without rules it is locked for everybody but superadmins. */
export function useCreateCollection() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: NewCollection) => unwrap(api.POST('/api/v1/collections', { body })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.collections }),
  });
}
