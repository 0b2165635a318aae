import { parseSort } from './list-search';

type Value = string | number | boolean | null | undefined;

/** Rows of a list that the server gives whole, of which a text contains the wanted one, whatever its case. */
export function matching<Row>(rows: Row[], wanted: string, texts: (row: Row) => (string | null | undefined)[]): Row[] {
  const needle = wanted.trim().toLowerCase();
  if (needle === '') return rows;
  return rows.filter((row) => texts(row).some((text) => text?.toLowerCase().includes(needle)));
}

/** Rows ordered by a column, `-` in front for descending; rows without a value come last. */
export function sorted<Row extends object>(rows: Row[], sort: string): Row[] {
  const { column, descending } = parseSort(sort);
  const direction = descending ? -1 : 1;
  const value = (row: Row) => (row as Record<string, Value>)[column] ?? null;
  return [...rows].sort((left, right) => {
    const a = value(left);
    const b = value(right);
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    if (typeof a === 'string' && typeof b === 'string') return direction * a.localeCompare(b);
    return direction * (Number(a) - Number(b));
  });
}
