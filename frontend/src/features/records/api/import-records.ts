import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '@/shared/api/client';
import { asApiError, errorFromReply } from '@/shared/api/errors';
import { keys } from '@/shared/api/query-keys';
import { mapped, type Mapping } from '../column-mapping';
import { importResult, refusal } from '../import-lines';
import type { RecordFile } from '../record-file';

interface Wanted {
  source: RecordFile;
  mapping: Mapping;
  /** `error` imports all records or none, `skip` leaves out those with faults. */
  mode: 'error' | 'skip';
  /** Only judges the records. */
  dryRun: boolean;
  /** Hears how many records were read so far. */
  onProgress: (read: number) => void;
}

/** The body of the call: a CSV file under the names of the fields, records as lines of JSON. */
function bodyOf(source: RecordFile, mapping: Mapping): { type: string; body: Blob; map?: string } {
  if (source.format === 'csv') {
    // Columns are renamed to numbers: their names may hold what divides the parts of a mapping.
    const names = source.columns.map((_, index) => `column_${index}`);
    return {
      type: 'text/csv',
      body: new Blob([names.join(','), '\n', source.body]),
      map: source.columns.map(({ name }, index) => `${names[index]}:${mapping[name] ?? ''}`).join(','),
    };
  }
  const lines = source.records.map((record) => JSON.stringify(mapped(record, mapping)));
  return { type: 'application/x-ndjson', body: new Blob([lines.join('\n'), '\n']) };
}

async function send(collection: string, { source, mapping, mode, dryRun, onProgress }: Wanted) {
  const { type, body, map } = bodyOf(source, mapping);
  const query = { mode, ...(dryRun && { dry_run: true }), ...(map !== undefined && { map }) };
  const reply = await api
    .POST('/api/v1/records/{collection}/import', {
      params: { path: { collection }, query },
      // The document describes the form in JSON; the others go as they are.
      body: body as never,
      bodySerializer: (content: unknown) => content as Blob,
      headers: { 'Content-Type': type, Accept: 'application/x-ndjson' },
      parseAs: 'stream',
    })
    .catch((error: unknown) => {
      throw asApiError(error);
    });
  const { response, error, data } = reply;
  if (!response.ok) throw refusal(response.status, error, errorFromReply(response, error));
  return importResult(data as unknown as ReadableStream<Uint8Array>, onProgress);
}

/** Sends a file of records to be checked or stored. */
export function useImportRecords(collection: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (wanted: Wanted) => send(collection, wanted),
    onSuccess: async (_result, { dryRun }) => {
      if (dryRun) return;
      await queryClient.invalidateQueries({ queryKey: keys.allRecords });
      await queryClient.invalidateQueries({ queryKey: keys.collections, refetchType: 'none' });
    },
  });
}
