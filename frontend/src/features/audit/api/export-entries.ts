import { useMutation } from '@tanstack/react-query';
import { api } from '@/shared/api/client';
import { saveReply } from '@/shared/api/save-reply';
import { type AuditFilter, filterQuery } from '../audit-filter';

export const exportFormats = ['csv', 'json', 'pdf'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** Saves the entries that a filter lets through, newest first, at most ten thousand, as a file. */
export function useExportEntries() {
  return useMutation({
    mutationFn: ({ format, filter }: { format: ExportFormat; filter: AuditFilter }) =>
      saveReply(
        api.GET('/api/v1/audit-logs/export', {
          params: { query: { ...filterQuery(filter), format } },
          parseAs: 'blob',
        }),
        `audit_logs.${format}`,
      ),
    meta: { toastError: true },
  });
}
