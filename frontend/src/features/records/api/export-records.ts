import { useMutation } from '@tanstack/react-query';
import { api } from '@/shared/api/client';
import { saveReply } from '@/shared/api/save-reply';
import { parseSort } from '@/shared/lib/list-search';

export const exportFormats = ['csv', 'json'] as const;
export type ExportFormat = (typeof exportFormats)[number];

interface Wanted {
  format: ExportFormat;
  /** Filter expression; empty for all records. */
  filter: string;
  /** Words that searchable fields must contain; empty for no search. */
  search: string;
  /** Absent for the API's own order. */
  sort?: string;
}

/** Saves the records that a filter and a search let through as a file, without limit of their number. */
export function useExportRecords(collection: string) {
  return useMutation({
    mutationFn: ({ format, filter, search, sort }: Wanted) => {
      const order = sort === undefined ? undefined : parseSort(sort);
      const query = {
        format,
        ...(order && { sort: `${order.descending ? '-' : '+'}${order.column}` }),
        ...(filter && { filter }),
        ...(search && { search }),
      };
      return saveReply(
        api.GET('/api/v1/records/{collection}/export', {
          params: { path: { collection }, query },
          parseAs: 'blob',
        }),
        `${collection}_export.${format}`,
      );
    },
    meta: { toastError: true },
  });
}
