import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { FieldInput, IndexDefinition } from '@/shared/api/types';

/** Replaces the schema of a collection; fields may be added and changed but not removed. Indexes stay when absent. */
export function useUpdateCollection() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...body }: { id: string; schema: FieldInput[]; indexes?: IndexDefinition[] }) =>
      unwrap(api.PUT('/api/v1/collections/{id}', { params: { path: { id } }, body })),
    onSuccess: async (collection) => {
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: keys.collections }),
        queryClient.invalidateQueries({ queryKey: keys.records(collection.name) }),
      ]);
    },
  });
}
