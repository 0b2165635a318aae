import { t } from '@/shared/i18n';
import { csvRows } from '@/shared/records/csv';

/** Rows whose values are shown beside the columns' names. */
const SAMPLES = 3;
/** As much of a CSV file as is read for them. */
const HEAD_BYTES = 262_144;
/** Records of a JSON file in which columns are looked for. */
const LOOKED_AT = 200;

export interface Column {
  name: string;
  /** Values of the first rows, as text. */
  samples: string[];
}

/** A file of records: its columns, and its rows unless they stay in the file. */
export type RecordFile = { file: File; columns: Column[] } & (
  | {
      format: 'csv';
      /** The file without the row of names. */
      body: Blob;
    }
  | { format: 'json'; records: Record<string, unknown>[] }
);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const shown = (value: unknown) =>
  typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);

/** Reads a CSV, JSON or NDJSON file by its name's ending, or says why it cannot. */
export async function readRecordFile(file: File): Promise<RecordFile | { fault: string }> {
  if (/\.(csv|txt)$/i.test(file.name)) return csvFile(file);
  const lines = /\.(ndjson|jsonl)$/i.test(file.name);
  return jsonFile(file, await file.text(), lines);
}

async function csvFile(file: File): Promise<RecordFile | { fault: string }> {
  // With its byte order mark, which `text()` would take away: the length of the first row is counted in bytes.
  const head = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await file.slice(0, HEAD_BYTES).arrayBuffer());
  const {
    rows: [header, ...rows],
    firstEnd,
  } = csvRows(head, SAMPLES + 1);
  if (!header || rows.length === 0) return { fault: t('recordFiles.noRows') };
  if (header.length === 1 && header[0]?.includes(';')) return { fault: t('recordFiles.semicolons') };
  if (new Set(header).size < header.length) return { fault: t('recordFiles.columnTwice') };
  const columns = header.map((name, index) => ({ name, samples: rows.map((row) => row[index] ?? '') }));
  const body = file.slice(new TextEncoder().encode(head.slice(0, firstEnd)).length);
  return { file, columns, format: 'csv', body };
}

function parse(text: string, lines: boolean): unknown {
  if (!lines) return JSON.parse(text) as unknown;
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as unknown);
}

function jsonFile(file: File, text: string, lines: boolean): RecordFile | { fault: string } {
  let content: unknown;
  try {
    content = parse(text, lines);
  } catch (error) {
    return { fault: t('records.badJson', { reason: error instanceof Error ? error.message : '' }) };
  }
  // An export wraps its records in an object that tells where they come from.
  const list = isObject(content) ? content.records : content;
  if (!Array.isArray(list) || !list.every(isObject)) return { fault: t('recordFiles.notRecords') };
  if (list.length === 0) return { fault: t('recordFiles.noRows') };
  const names = [...new Set(list.slice(0, LOOKED_AT).flatMap((record) => Object.keys(record)))];
  const columns = names.map((name) => ({ name, samples: list.slice(0, SAMPLES).map((record) => shown(record[name])) }));
  return { file, columns, format: 'json', records: list };
}
