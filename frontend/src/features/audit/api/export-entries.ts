import { useMutation } from '@tanstack/react-query';
import { api } from '@/shared/api/client';
import { asApiError, errorFromReply } from '@/shared/api/errors';
import { fileNameOf, saveFile } from '@/shared/lib/download';
import { type AuditFilter, filterQuery } from '../audit-filter';

export const exportFormats = ['csv', 'json', 'pdf'] as const;
export type ExportFormat = (typeof exportFormats)[number];

async function download(format: ExportFormat, filter: AuditFilter) {
  const reply = await api
    .GET('/api/v1/audit-logs/export', { params: { query: { ...filterQuery(filter), format } }, parseAs: 'blob' })
    .catch((error: unknown) => {
      throw asApiError(error);
    });
  if (!reply.response.ok) throw errorFromReply(reply.response, reply.error);
  saveFile(
    reply.data as unknown as Blob,
    fileNameOf(reply.response.headers.get('Content-Disposition'), `audit_logs.${format}`),
  );
}

/** Saves the entries that a filter lets through, newest first, at most ten thousand, as a file. */
export function useExportEntries() {
  return useMutation({
    mutationFn: ({ format, filter }: { format: ExportFormat; filter: AuditFilter }) => download(format, filter),
    meta: { toastError: true },
  });
}
