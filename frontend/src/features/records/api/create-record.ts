import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { RecordValues } from '@/shared/api/types';

/** Creates a record; `account_id` among the values names its account. */
export function useCreateRecord(collection: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: RecordValues) =>
      unwrap(api.POST('/api/v1/records/{collection}', { params: { path: { collection } }, body })),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: keys.allRecords });
      await queryClient.invalidateQueries({ queryKey: keys.collections, refetchType: 'none' });
    },
  });
}
