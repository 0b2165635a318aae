import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { RecordValues } from '@/shared/api/types';

interface Update {
  id: string;
  changes: RecordValues;
  /** Tag of the state that the changes were made to. Refused with status 412 when the record has another one by now. */
  tag?: string | null;
}

/** Changes the given fields of a record. */
export function useUpdateRecord(collection: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ id, changes, tag }: Update) =>
      unwrap(
        api.PATCH('/api/v1/records/{collection}/{id}', {
          params: { path: { collection, id }, header: { ...(tag && { 'If-Match': tag }) } },
          body: changes,
        }),
      ),
    onSuccess: async (record) => {
      queryClient.setQueryData([...keys.records(collection), 'one', record.id], record);
      await queryClient.invalidateQueries({ queryKey: keys.audit, refetchType: 'none' });
      // Other collections may show this record through a reference.
      await queryClient.invalidateQueries({ queryKey: keys.allRecords });
    },
  });
}
