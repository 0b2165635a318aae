import { t } from '@/shared/i18n';
import { csvRows } from '@/shared/records/csv';
import { jsonElements, NoList } from '@/shared/lib/json-elements';
import { jsonFault } from '@/shared/lib/json-fault';
import { textLines, textPieces } from '@/shared/lib/text-stream';
import { faultText } from '@/shared/ui/json-fault-text';
import { inferType, type ValueType } from './column-types';

/** Rows whose values are shown beside the columns' names. */
const SAMPLES = 3;
/** Records in which columns are looked for, and what their values are. */
const LOOKED_AT = 200;
/** As much of a CSV file is read for them. */
const HEAD_BYTES = 262_144;

export interface Column {
  name: string;
  /** Values of the first rows, as text. */
  samples: string[];
  /** What the values of the first rows are; null when there are none. */
  type: ValueType | null;
}

/** A file of records with its columns. Its rows stay in the file and are read as they are needed. */
export type RecordFile = { file: File; columns: Column[] } & (
  | {
      format: 'csv';
      /** The file without the row of names. */
      body: Blob;
    }
  | {
      format: 'json';
      /** Whether each line is a record, rather than each element of a list. */
      lines: boolean;
    }
);

/** A file that cannot be read as records. */
export class FileFault extends Error {}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const shown = (value: unknown) =>
  typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);

/** Reads the beginning of a CSV, JSON or NDJSON file, known by its name's ending, or says why it cannot. */
export async function readRecordFile(file: File): Promise<RecordFile | { fault: string }> {
  try {
    if (/\.(csv|txt)$/i.test(file.name)) return await csvFile(file);
    return await jsonFile(file, /\.(ndjson|jsonl)$/i.test(file.name));
  } catch (error) {
    if (error instanceof FileFault) return { fault: error.message };
    throw error;
  }
}

async function csvFile(file: File): Promise<RecordFile> {
  // With its byte order mark, which `text()` would take away: the length of the first row is counted in bytes.
  const head = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await file.slice(0, HEAD_BYTES).arrayBuffer());
  const {
    rows: [header, ...rows],
    firstEnd,
  } = csvRows(head, LOOKED_AT + 1);
  if (!header || rows.length === 0) throw new FileFault(t('recordFiles.noRows'));
  if (header.length === 1 && header[0]?.includes(';')) throw new FileFault(t('recordFiles.semicolons'));
  if (new Set(header).size < header.length) throw new FileFault(t('recordFiles.columnTwice'));
  // The last row may be cut off within a value.
  const whole = file.size > HEAD_BYTES && rows.length > 1 ? rows.slice(0, -1) : rows;
  const columns = header.map((name, index) => {
    const values = whole.map((row) => row[index] ?? '');
    return { name, samples: values.slice(0, SAMPLES), type: inferType(values) };
  });
  const body = file.slice(new TextEncoder().encode(head.slice(0, firstEnd)).length);
  return { file, columns, format: 'csv', body };
}

async function jsonFile(file: File, lines: boolean): Promise<RecordFile> {
  const first: Record<string, unknown>[] = [];
  for await (const record of recordsOf(file, lines)) {
    first.push(record);
    if (first.length === LOOKED_AT) break;
  }
  if (first.length === 0) throw new FileFault(t('recordFiles.noRows'));
  const names = [...new Set(first.flatMap((record) => Object.keys(record)))];
  const columns = names.map((name) => ({
    name,
    samples: first.slice(0, SAMPLES).map((record) => shown(record[name])),
    type: inferType(first.map((record) => record[name])),
  }));
  return { file, columns, format: 'json', lines };
}

/** The records of a JSON file, one after the other: of a list, of an export, which wraps its list, or of lines. */
export async function* recordsOf(file: Blob, lines: boolean): AsyncGenerator<Record<string, unknown>> {
  const pieces = textPieces(file.stream());
  let number = 0;
  try {
    for await (const text of lines ? textLines(pieces) : jsonElements(pieces, 'records')) {
      number += 1;
      yield parsed(text, number);
    }
  } catch (error) {
    throw error instanceof NoList ? new FileFault(t('recordFiles.notRecords')) : error;
  }
}

function parsed(text: string, number: number): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const fault = jsonFault(text.trim());
    throw new FileFault(t('recordFiles.recordRefused', { number, message: fault ? faultText(fault) : '' }));
  }
  if (!isObject(value)) throw new FileFault(t('recordFiles.notRecords'));
  return value;
}
