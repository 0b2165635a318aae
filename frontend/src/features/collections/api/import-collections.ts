import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { CollectionsExport } from '@/shared/api/types';

/** What becomes of a collection whose name is taken. */
export const strategies = ['error', 'skip', 'update'] as const;
export type Strategy = (typeof strategies)[number];

/** Makes the collections of an exported file; the reply tells of each what became of it. */
export function useImportCollections() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: { data: CollectionsExport; strategy: Strategy }) =>
      unwrap(api.POST('/api/v1/collections/import', { body })),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: keys.collections });
      await queryClient.invalidateQueries({ queryKey: keys.allRecords, refetchType: 'none' });
    },
  });
}
