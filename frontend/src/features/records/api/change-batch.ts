import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { asApiError } from '@/shared/api/errors';
import { keys } from '@/shared/api/query-keys';
import type { RecordValues } from '@/shared/api/types';

/** Records that the server takes in one batch. */
const BATCH = 100;

/** How far a number of batches came. Each is all or nothing; the first that is refused ends it. */
export interface BatchOutcome {
  done: string[];
  /** Why it ended before all were done. */
  failure: string | null;
}

async function inBatches(ids: string[], send: (ids: string[]) => Promise<unknown>): Promise<BatchOutcome> {
  const done: string[] = [];
  for (let from = 0; from < ids.length; from += BATCH) {
    const part = ids.slice(from, from + BATCH);
    try {
      await send(part);
    } catch (error) {
      const { message, faults } = asApiError(error);
      if (done.length === 0) throw error;
      return { done, failure: faults[0]?.message ?? message };
    }
    done.push(...part);
  }
  return { done, failure: null };
}

/** After some were changed even if others were refused. */
function useRefresh() {
  const queryClient = useQueryClient();
  return async () => {
    await queryClient.invalidateQueries({ queryKey: keys.allRecords });
    await queryClient.invalidateQueries({ queryKey: keys.collections, refetchType: 'none' });
  };
}

/** Deletes records, 100 at a time. */
export function useDeleteRecords(collection: string) {
  return useMutation({
    mutationFn: (wanted: string[]) =>
      inBatches(wanted, (ids) =>
        unwrap(api.DELETE('/api/v1/records/{collection}/batch', { params: { path: { collection } }, body: { ids } })),
      ),
    onSuccess: useRefresh(),
  });
}

/** Sets the same values in records, 100 at a time. */
export function useChangeRecords(collection: string) {
  return useMutation({
    mutationFn: ({ ids, data }: { ids: string[]; data: RecordValues }) =>
      inBatches(ids, (part) =>
        unwrap(
          api.PATCH('/api/v1/records/{collection}/batch', {
            params: { path: { collection } },
            body: { records: part.map((id) => ({ id, data })) },
          }),
        ),
      ),
    onSuccess: useRefresh(),
  });
}
