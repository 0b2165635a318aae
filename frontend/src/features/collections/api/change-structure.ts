import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { StructureChange } from '../structure-change';

interface Wanted {
  id: string;
  changes: StructureChange[];
  /** Only tells what would be done. */
  dryRun: boolean;
}

/** Changes stored fields in one transaction: names, types, what must be there. */
export function useChangeStructure() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ id, changes, dryRun }: Wanted) =>
      unwrap(
        api.POST('/api/v1/collections/{id}/changes', {
          params: { path: { id } },
          body: { changes, dry_run: dryRun },
        }),
      ),
    onSuccess: async (_reply, { dryRun }) => {
      if (dryRun) return;
      // Rules, references and names of other collections may have followed.
      await queryClient.invalidateQueries({ queryKey: keys.collections });
      await queryClient.invalidateQueries({ queryKey: keys.allRecords, refetchType: 'none' });
    },
  });
}
