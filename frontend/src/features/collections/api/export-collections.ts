import { useMutation } from '@tanstack/react-query';
import { api } from '@/shared/api/client';
import { saveReply } from '@/shared/api/save-reply';

interface Wanted {
  /** Ids of the collections; all when absent. */
  ids?: string[];
  withRecords: boolean;
}

/** Saves collections with their rules, and their records if wanted, as a JSON file. */
export function useExportCollections() {
  return useMutation({
    mutationFn: ({ ids, withRecords }: Wanted) => {
      const query = {
        ...(ids && { collection_ids: ids.join(',') }),
        ...(withRecords && { include_records: true }),
      };
      return saveReply(
        api.GET('/api/v1/collections/export', { params: { query }, parseAs: 'blob' }),
        'collections_export.json',
      );
    },
  });
}
