import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { FieldInput } from '@/shared/api/types';

/** Replaces the schema of a collection; fields may be added and changed but not removed. */
export function useUpdateCollection() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ id, schema }: { id: string; schema: FieldInput[] }) =>
      unwrap(api.PUT('/api/v1/collections/{id}', { params: { path: { id } }, body: { schema } })),
    onSuccess: async (collection) => {
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: keys.collections }),
        queryClient.invalidateQueries({ queryKey: keys.records(collection.name) }),
      ]);
    },
  });
}
