import type { RecordRow } from '@/shared/api/types';

/** The chosen rows, as they were when they were chosen: they may be out of sight by now. */
export interface Selection {
  rows: ReadonlyMap<string, RecordRow>;
  /** The row from which a range begins. */
  anchor: string | null;
}

export const nothing: Selection = { rows: new Map(), anchor: null };

export function toggled({ rows }: Selection, row: RecordRow): Selection {
  const next = new Map(rows);
  if (!next.delete(row.id)) next.set(row.id, row);
  return { rows: next, anchor: row.id };
}

/** Chooses all rows between the one chosen last and this one. */
export function extended(selection: Selection, shown: RecordRow[], row: RecordRow): Selection {
  const from = shown.findIndex(({ id }) => id === selection.anchor);
  const to = shown.findIndex(({ id }) => id === row.id);
  if (from === -1 || to === -1) return toggled(selection, row);
  const next = new Map(selection.rows);
  for (const each of shown.slice(Math.min(from, to), Math.max(from, to) + 1)) next.set(each.id, each);
  return { ...selection, rows: next };
}

/** How many of the shown rows are chosen. */
export function coverage({ rows }: Selection, shown: RecordRow[]): 'none' | 'some' | 'all' {
  const count = shown.filter(({ id }) => rows.has(id)).length;
  return count === 0 ? 'none' : count === shown.length ? 'all' : 'some';
}

/** Chooses all shown rows, or none of them when all are. */
export function allToggled(selection: Selection, shown: RecordRow[]): Selection {
  const next = new Map(selection.rows);
  const clear = coverage(selection, shown) === 'all';
  for (const row of shown) {
    if (clear) next.delete(row.id);
    else next.set(row.id, row);
  }
  return { rows: next, anchor: null };
}

export function without(selection: Selection, ids: Iterable<string>): Selection {
  const next = new Map(selection.rows);
  for (const id of ids) next.delete(id);
  return next.size === selection.rows.size ? selection : { ...selection, rows: next };
}
