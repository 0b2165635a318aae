import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '@/shared/api/client';
import { asApiError, errorFromReply } from '@/shared/api/errors';
import { keys } from '@/shared/api/query-keys';
import type { FieldDefinition } from '@/shared/api/types';
import { importedTypes, mapped, type Mapping } from '../column-mapping';
import { importResult, refusal } from '../import-lines';
import { type RecordFile, recordsOf } from '../record-file';

interface Wanted {
  source: RecordFile;
  schema: FieldDefinition[];
  mapping: Mapping;
  /** `error` imports all records or none, `skip` leaves out those with faults. */
  mode: 'error' | 'skip';
  /** Only judges the records. */
  dryRun: boolean;
  /** Ends it. */
  signal?: AbortSignal;
  /** Hears how many records were read so far, and of how many once that is known. */
  onProgress: (read: number, total?: number) => void;
}

interface Sent {
  type: string;
  body: Blob;
  map?: string;
  /** How many records it has, where that is known. */
  total?: number;
}

/** Lines are handed to the browser, which may keep them on disk, from so many characters on. */
const PIECE = 1024 * 1024;

/** The body of the call: a CSV file under the names of the fields, records as lines of JSON. */
async function bodyOf({ source, schema, mapping }: Wanted): Promise<Sent> {
  if (source.format === 'csv') {
    // Columns are renamed to numbers: their names may hold what divides the parts of a mapping.
    const names = source.columns.map((_, index) => `column_${index}`);
    return {
      type: 'text/csv',
      body: new Blob([names.join(','), '\n', source.body]),
      map: source.columns.map(({ name }, index) => `${names[index]}:${mapping[name] ?? ''}`).join(','),
    };
  }
  const types = importedTypes(schema);
  const parts: Blob[] = [];
  let text = '';
  let total = 0;
  for await (const record of recordsOf(source.file, source.lines)) {
    total += 1;
    text += `${JSON.stringify(mapped(record, mapping, types))}\n`;
    if (text.length < PIECE) continue;
    parts.push(new Blob([text]));
    text = '';
  }
  return { type: 'application/x-ndjson', body: new Blob([...parts, text]), total };
}

async function send(collection: string, wanted: Wanted) {
  const { mode, dryRun, signal, onProgress } = wanted;
  const { type, body, map, total } = await bodyOf(wanted);
  const query = { mode, ...(dryRun && { dry_run: true }), ...(map !== undefined && { map }) };
  const reply = await api
    .POST('/api/v1/records/{collection}/import', {
      params: { path: { collection }, query },
      // The document describes the form in JSON; the others go as they are.
      body: body as never,
      bodySerializer: (content: unknown) => content as Blob,
      headers: { 'Content-Type': type, Accept: 'application/x-ndjson' },
      parseAs: 'stream',
      signal,
    })
    .catch((error: unknown) => {
      throw asApiError(error);
    });
  const { response, error, data } = reply;
  if (!response.ok) throw refusal(response.status, error, errorFromReply(response, error));
  return importResult(data as unknown as ReadableStream<Uint8Array>, (read) => onProgress(read, total));
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
