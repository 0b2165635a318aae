import { t } from '@/shared/i18n';
import type { FieldType } from '@/shared/collections/field-types';
import { csvRows } from '@/shared/records/csv';
import { emptyDraft, type FieldDraft } from './field-draft';

/** As much of a CSV file as its columns are judged by. */
const HEAD_BYTES = 262_144;
/** Rows that are looked at. */
const LOOKED_AT = 500;

/** What a file tells of the collection that it could be. */
export interface FileSchema {
  /** Made of the file's name. */
  name: string;
  fields: FieldDraft[];
  /** Rows that were looked at. */
  rows: number;
}

type Row = Record<string, unknown>;

const isObject = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);

const RESERVED = new Set(['id', 'account_id', 'account_name', 'created_at', 'created_by', 'updated_at', 'updated_by']);

/** A name that fields and collections may have, as near to the given one as possible. */
export function plainName(text: string): string {
  const plain = text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .toLowerCase()
    .slice(0, 56);
  if (plain === '') return 'field';
  return /^[a-z]/.test(plain) ? plain : `n_${plain}`;
}

/** The type of a text in a file; that of CSV says everything by texts. */
function typeOfText(text: string, csv: boolean): FieldType {
  if (csv && /^(true|false)$/i.test(text)) return 'boolean';
  if (csv && /^-?(0|[1-9]\d{0,14})(\.\d+)?$/.test(text)) return 'number';
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return 'date';
  if (/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/.test(text)) return 'datetime';
  if (/^https?:\/\/\S+$/i.test(text)) return 'url';
  return /^[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}$/.test(text) ? 'email' : 'text';
}

/** The type that all values fit; text when they differ, or when there are none. */
export function typeOfValues(values: unknown[], csv: boolean): FieldType {
  const types = new Set(
    values
      .filter((value) => value !== null && value !== undefined && value !== '')
      .map((value): FieldType => {
        if (typeof value === 'number') return 'number';
        if (typeof value === 'boolean') return 'boolean';
        return typeof value === 'string' ? typeOfText(value.trim(), csv) : 'json';
      }),
  );
  const [only] = types;
  if (only !== undefined && types.size === 1) return only;
  // A list or an object among other values is kept only by a field that takes all of them.
  return types.has('json') ? 'json' : 'text';
}

/** The fields for the columns of some rows. */
export function fieldsOf(columns: string[], rows: Row[], csv: boolean): FieldDraft[] {
  const taken = new Set<string>();
  return columns.map((column) => {
    const plain = plainName(column);
    const base = RESERVED.has(plain) ? `source_${plain}` : plain;
    let name = base;
    for (let number = 2; taken.has(name); number += 1) name = `${base}_${number}`;
    taken.add(name);
    const type = typeOfValues(
      rows.map((row) => row[column]),
      csv,
    );
    return { ...emptyDraft(), name, type };
  });
}

async function csvTable(file: File): Promise<{ columns: string[]; rows: Row[] } | { fault: string }> {
  const head = await file.slice(0, HEAD_BYTES).text();
  const [columns, ...lines] = csvRows(head, LOOKED_AT + 1).rows;
  // The last line may be cut off where reading ended.
  if (file.size > HEAD_BYTES && lines.length < LOOKED_AT) lines.pop();
  if (!columns || lines.length === 0) return { fault: t('recordFiles.noRows') };
  if (columns.length === 1 && columns[0]?.includes(';')) return { fault: t('recordFiles.semicolons') };
  if (new Set(columns).size < columns.length) return { fault: t('recordFiles.columnTwice') };
  const rows = lines.map((cells) => Object.fromEntries(columns.map((name, index) => [name, cells[index]])));
  return { columns, rows };
}

function jsonTable(text: string, lines: boolean): { columns: string[]; rows: Row[] } | { fault: string } {
  let content: unknown;
  try {
    const parts = text.split('\n').filter((line) => line.trim() !== '');
    content = lines ? parts.map((line) => JSON.parse(line) as unknown) : JSON.parse(text);
  } catch (error) {
    return { fault: t('records.badJson', { reason: error instanceof Error ? error.message : '' }) };
  }
  const list = isObject(content) ? content.records : content;
  if (!Array.isArray(list) || !list.every(isObject)) return { fault: t('recordFiles.notRecords') };
  if (list.length === 0) return { fault: t('recordFiles.noRows') };
  const rows = list.slice(0, LOOKED_AT);
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  // An export names what every record has anyway.
  const system = columns.includes('account_id') && columns.includes('created_at');
  return { columns: system ? columns.filter((name) => !RESERVED.has(name)) : columns, rows };
}

/** Reads what a CSV, JSON or NDJSON file of records tells of its fields, or why it tells nothing. */
export async function readFileSchema(file: File): Promise<FileSchema | { fault: string }> {
  const csv = /\.(csv|txt)$/i.test(file.name);
  const table = csv ? await csvTable(file) : jsonTable(await file.text(), /\.(ndjson|jsonl)$/i.test(file.name));
  if ('fault' in table) return table;
  const name = plainName(file.name.replace(/\.[^.]+$/, ''));
  return {
    name: name.length < 3 ? `${name}_records` : name,
    fields: fieldsOf(table.columns, table.rows, csv),
    rows: table.rows.length,
  };
}
