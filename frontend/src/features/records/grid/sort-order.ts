import { parseSort } from '@/shared/lib/list-search';

export interface SortKey {
  column: string;
  descending: boolean;
}

/** Reads `price,-title`: the columns that order the rows, the most important first. */
export function readSort(sort: string | undefined): SortKey[] {
  return (sort ?? '')
    .split(',')
    .filter((part) => part !== '')
    .map(parseSort);
}

export function writeSort(order: SortKey[]): string {
  return order.map(({ column, descending }) => `${descending ? '-' : ''}${column}`).join(',');
}

/** The order in the API's writing. A bare name sorts descending there, so the direction is always given. */
export function apiSort(sort: string): string {
  return readSort(sort)
    .map(({ column, descending }) => `${descending ? '-' : '+'}${column}`)
    .join(',');
}

/**
 * The order after a press on a column's header: ascending first, then descending. With `adding` the column is
 * one more of several, and a third press takes it out again.
 */
export function pressed(order: SortKey[], column: string, adding: boolean): SortKey[] {
  const known = order.find((key) => key.column === column);
  if (!adding) return [{ column, descending: order.length === 1 && known?.descending === false }];
  if (!known) return [...order, { column, descending: false }];
  if (known.descending) return order.filter((key) => key !== known);
  return order.map((key) => (key === known ? { column, descending: true } : key));
}

/** The order with the column in a given direction: alone, or beside the others. */
export function sortedBy(order: SortKey[], key: SortKey, adding: boolean): SortKey[] {
  if (!adding) return [key];
  return order.some(({ column }) => column === key.column)
    ? order.map((other) => (other.column === key.column ? key : other))
    : [...order, key];
}
