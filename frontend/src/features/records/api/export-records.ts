import { api } from '@/shared/api/client';
import { asApiError, errorFromReply } from '@/shared/api/errors';
import { fileNameOf, saveFile } from '@/shared/lib/download';
import { openSink } from '@/shared/lib/file-sink';
import { jsonElements } from '@/shared/lib/json-elements';
import { parseSort } from '@/shared/lib/list-search';
import { textPieces } from '@/shared/lib/text-stream';

export const exportFormats = ['csv', 'json', 'ndjson'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface ExportWanted {
  collection: string;
  format: ExportFormat;
  /** Filter expression; empty for all records. */
  filter: string;
  /** Words that searchable fields must contain; empty for no search. */
  search: string;
  /** Absent for the API's own order. */
  sort?: string;
  /** Fields that are wanted; absent for all. */
  fields?: string[];
}

interface Following {
  /** Ends it. */
  signal: AbortSignal;
  /** Hears how many bytes have come. */
  onProgress: (bytes: number) => void;
}

function queryOf({ format, filter, search, sort, fields }: ExportWanted) {
  const order = sort === undefined ? undefined : parseSort(sort);
  return {
    // Lines of JSON are made of the list.
    format: format === 'csv' ? 'csv' : 'json',
    ...(order && { sort: `${order.descending ? '-' : '+'}${order.column}` }),
    ...(filter && { filter }),
    ...(search && { search }),
    ...(fields && { fields: fields.join(',') }),
  };
}

/** A stream that tells how much of it was read. */
function counted(body: ReadableStream<Uint8Array>, onProgress: (bytes: number) => void) {
  let bytes = 0;
  return body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array<ArrayBuffer>>({
      transform(piece, controller) {
        bytes += piece.length;
        onProgress(bytes);
        controller.enqueue(piece as Uint8Array<ArrayBuffer>);
      },
    }),
  );
}

/** Saves the records that a filter and a search let through as a file, without limit of their number. */
export async function exportRecords(wanted: ExportWanted, { signal, onProgress }: Following): Promise<void> {
  const { collection, format } = wanted;
  const { data, error, response } = await api
    .GET('/api/v1/records/{collection}/export', {
      params: { path: { collection }, query: queryOf(wanted) },
      parseAs: 'stream',
      signal,
    })
    .catch((reason: unknown) => {
      throw signal.aborted ? reason : asApiError(reason);
    });
  if (!response.ok) throw errorFromReply(response, error);

  const stream = counted(data as unknown as ReadableStream<Uint8Array>, onProgress);
  const sink = await openSink();
  try {
    if (format === 'ndjson') {
      for await (const record of jsonElements(textPieces(stream), 'records')) {
        // Line breaks in JSON stand between values, never within them.
        await sink.write(`${record.trim().replaceAll(/[\r\n]+/g, ' ')}\n`);
      }
    } else {
      for await (const piece of piecesOf(stream)) await sink.write(piece);
    }
  } catch (reason) {
    await sink.discard();
    throw signal.aborted ? reason : asApiError(reason);
  }
  const name = fileNameOf(response.headers.get('Content-Disposition'), `${collection}_export.${format}`);
  saveFile(await sink.finish(), format === 'ndjson' ? name.replace(/\.json$/, '.ndjson') : name);
}

async function* piecesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}
