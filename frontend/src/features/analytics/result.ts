import type { FieldType } from '@/shared/collections/field-types';
import { formatDate, formatDateTime, formatNumber, t } from '@/shared/i18n';
import { parseSort } from '@/shared/lib/list-search';

/** What the API gives for a group: values of its fields, and results. */
export type ResultRow = Record<string, unknown>;

/** A column of the result. */
export interface ResultColumn {
  key: string;
  label: string;
  type: FieldType;
  /** Whether it is computed, not a field of the group. */
  measure: boolean;
  /** Names of the records that the ids of a reference stand for. */
  names?: Record<string, string>;
}

const digits = 4;

/** A value of the result as people read it. */
export function cellText(value: unknown, column: ResultColumn): string {
  if (value === null || value === undefined) return t('analytics.nothing');
  if (typeof value === 'number') return formatNumber(Number(value.toFixed(digits)));
  if (typeof value === 'boolean') return value ? t('common.yes') : t('common.no');
  if (typeof value === 'object') return JSON.stringify(value);
  const text = String(value);
  if (column.names) return column.names[text] ?? text.slice(0, 8);
  if (column.type === 'date') return formatDate(text);
  if (column.type === 'datetime') return formatDateTime(text);
  return text === '' ? t('analytics.emptyText') : text;
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b));
}

/** The rows in the order of a column; those without a value come last. Without a sort as the API gave them. */
export function sortedRows(rows: ResultRow[], sort: string | undefined): ResultRow[] {
  if (sort === undefined) return rows;
  const { column, descending } = parseSort(sort);
  const missing = (row: ResultRow) => row[column] === null || row[column] === undefined;
  return [...rows].sort((a, b) => {
    if (missing(a) || missing(b)) return Number(missing(a)) - Number(missing(b));
    return compare(a[column], b[column]) * (descending ? -1 : 1);
  });
}

export const views = ['table', 'bar', 'line', 'pie'] as const;
export type View = (typeof views)[number];

/** How many groups a chart draws at most. */
export const MOST_DRAWN = 60;
const MOST_SLICES = 12;

/** The columns whose results can be drawn. */
export function drawnColumns(columns: ResultColumn[], rows: ResultRow[]): ResultColumn[] {
  return columns.filter(({ key, measure }) => measure && rows.some((row) => typeof row[key] === 'number'));
}

/** The views that suit the result, the most telling first. */
export function fittingViews(columns: ResultColumn[], rows: ResultRow[]): View[] {
  const groups = columns.filter((column) => !column.measure);
  const drawn = drawnColumns(columns, rows);
  if (groups.length === 0 || drawn.length === 0 || rows.length === 0) return ['table'];
  const first = groups[0];
  const runs =
    groups.length === 1 && (first?.type === 'date' || first?.type === 'datetime' || first?.type === 'number');
  const only = drawn.length === 1 ? drawn[0] : undefined;
  const parts =
    only !== undefined &&
    rows.length <= MOST_SLICES &&
    /^(count|sum)/.test(only.key) &&
    rows.every((row) => ((row[only.key] as number | null) ?? 0) >= 0);
  return [
    ...(runs && rows.length > 1 ? (['line'] as const) : []),
    'bar',
    ...(parts ? (['pie'] as const) : []),
    'table',
  ];
}

/** A group as a chart draws it. */
export interface Drawn {
  label: string;
  values: Record<string, number>;
}

/** The groups as a chart draws them: a name from their fields, and their numbers. */
export function drawnGroups(columns: ResultColumn[], rows: ResultRow[]): Drawn[] {
  const groups = columns.filter((column) => !column.measure);
  const drawn = drawnColumns(columns, rows);
  return rows.slice(0, MOST_DRAWN).map((row) => ({
    label: groups.map((column) => cellText(row[column.key], column)).join(' · '),
    values: Object.fromEntries(
      drawn.flatMap(({ key }) => (typeof row[key] === 'number' ? [[key, row[key]] as const] : [])),
    ),
  }));
}

function csvCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  // A cell that a spreadsheet would run as a formula; a number is none.
  const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The result as CSV (RFC 4180), with the API's keys and values. */
export function resultCsv(columns: ResultColumn[], rows: ResultRow[]): string {
  const keys = columns.map((column) => column.key);
  const lines = [keys.map(csvCell), ...rows.map((row) => keys.map((key) => csvCell(row[key])))];
  return lines.map((line) => `${line.join(',')}\r\n`).join('');
}
