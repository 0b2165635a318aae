import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { RecordValues } from '@/shared/api/types';

/** Changes the given fields of a record. */
export function useUpdateRecord(collection: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ id, changes }: { id: string; changes: RecordValues }) =>
      unwrap(api.PATCH('/api/v1/records/{collection}/{id}', { params: { path: { collection, id } }, body: changes })),
    onSuccess: async (record) => {
      queryClient.setQueryData([...keys.records(collection), 'one', record.id], record);
      // Other collections may show this record through a reference.
      await queryClient.invalidateQueries({ queryKey: keys.allRecords });
    },
  });
}
