import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

/** Deletes a record; refused with status 409 while a restricting reference points to it. */
export function useDeleteRecord(collection: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      unwrap(api.DELETE('/api/v1/records/{collection}/{id}', { params: { path: { collection, id } } })),
    onSuccess: async (_reply, id) => {
      queryClient.removeQueries({ queryKey: [...keys.records(collection), 'one', id] });
      await queryClient.invalidateQueries({ queryKey: keys.allRecords });
      await queryClient.invalidateQueries({ queryKey: keys.collections, refetchType: 'none' });
    },
  });
}
