import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { NewConfiguration } from '@/shared/api/types';

export function useCreateConfiguration() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: NewConfiguration) => unwrap(api.POST('/api/v1/admin/configuration', { body })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.configuration }),
  });
}
