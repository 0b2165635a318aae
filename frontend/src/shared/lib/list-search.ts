/** Page lengths a table offers. */
export const pageSizes = [10, 25, 50, 100] as const;

const LONGEST_PAGE = 100;

/** State of a list page as it stands in the URL; what is absent has the page's default. */
export interface ListSearch {
  /** From 1. */
  page?: number;
  /** Rows on a page. */
  size?: number;
  /** Column, with `-` in front for descending. */
  sort?: string;
  /** Text that is searched. */
  q?: string;
}

type Raw = Record<string, unknown>;

/** A text of the URL; one that reads as a number or boolean is taken as the text it was. */
export function readText(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** One of the given words. */
export function readWord<Word extends string>(value: unknown, words: readonly Word[]): Word | undefined {
  return words.find((word) => word === value);
}

/** A calendar day, `YYYY-MM-DD`. */
export function readDay(value: unknown): string | undefined {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value))
    ? value
    : undefined;
}

/** A whole number from 1. */
export function readCount(value: unknown, most = Number.MAX_SAFE_INTEGER): number | undefined {
  const count = Number(value);
  return Number.isInteger(count) && count >= 1 && count <= most ? count : undefined;
}

/** Reads the state of a list page; a part that does not fit counts as absent, so that an old or mistyped link still opens. */
export function readListSearch(raw: Raw): ListSearch {
  const sort = readText(raw.sort);
  return {
    page: readCount(raw.page),
    size: readCount(raw.size, LONGEST_PAGE),
    sort: sort !== undefined && /^-?\w+$/.test(sort) ? sort : undefined,
    q: readText(raw.q),
  };
}

/** Splits `-name` into the column and its direction. */
export function parseSort(sort: string): { column: string; descending: boolean } {
  return sort.startsWith('-') ? { column: sort.slice(1), descending: true } : { column: sort, descending: false };
}

/** The sort after a click on a column's header: ascending first, then descending. */
export function nextSort(current: string, column: string): string {
  const { column: sorted, descending } = parseSort(current);
  return sorted === column && !descending ? `-${column}` : column;
}

/** `value`, or undefined when it is the default: defaults are left out of the URL. */
export function unlessDefault<T>(value: T, fallback: T): T | undefined {
  return value === fallback ? undefined : value;
}
