import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

/** Deletes a collection with the records of all accounts. */
export function useDeleteCollection() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ id }: { id: string }) =>
      unwrap(api.DELETE('/api/v1/collections/{id}', { params: { path: { id } } })),
    onSuccess: (reply) => {
      queryClient.removeQueries({ queryKey: keys.records(reply.collection_name) });
      queryClient.removeQueries({ queryKey: [...keys.collections, 'by-name', reply.collection_name] });
      return queryClient.invalidateQueries({ queryKey: keys.collections });
    },
  });
}
