import type { GridColumn } from './grid-columns';

/** What a person chose for the columns of a collection. */
export interface ColumnLayout {
  /** Ids of columns in their order; those that are missing follow where they stood. */
  order: string[];
  /** Columns shown or hidden against their default. */
  shown: Record<string, boolean>;
  /** Widths in pixels. */
  widths: Record<string, number>;
}

export const emptyLayout: ColumnLayout = { order: [], shown: {}, widths: {} };
export const NARROWEST = 72;
export const WIDEST = 900;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads a stored layout; what does not fit is left out. */
export function readLayout(value: unknown): ColumnLayout {
  if (!isObject(value)) return emptyLayout;
  const entries = (part: unknown, type: 'boolean' | 'number') =>
    isObject(part) ? Object.fromEntries(Object.entries(part).filter(([, entry]) => typeof entry === type)) : {};
  return {
    order: Array.isArray(value.order) ? value.order.filter((id) => typeof id === 'string') : [],
    shown: entries(value.shown, 'boolean') as Record<string, boolean>,
    widths: entries(value.widths, 'number') as Record<string, number>,
  };
}

/** All columns in the chosen order. A column that is new since then stands after the one that it followed. */
export function ordered(columns: GridColumn[], { order }: ColumnLayout): GridColumn[] {
  const known = order.flatMap((id) => columns.find((column) => column.id === id) ?? []);
  const result = [...known];
  columns.forEach((column, index) => {
    if (known.includes(column)) return;
    const before = columns[index - 1];
    result.splice(before ? result.indexOf(before) + 1 : 0, 0, column);
  });
  return result;
}

export function isShown(column: GridColumn, { shown }: ColumnLayout): boolean {
  return shown[column.id] ?? column.shown;
}

/** The columns to show, in order; never none. */
export function visible(columns: GridColumn[], layout: ColumnLayout): GridColumn[] {
  const all = ordered(columns, layout);
  const shown = all.filter((column) => isShown(column, layout));
  return shown.length > 0 ? shown : all.slice(0, 1);
}

export function widthOf(column: GridColumn, { widths }: ColumnLayout): number {
  return Math.min(WIDEST, Math.max(NARROWEST, Math.round(widths[column.id] ?? column.width)));
}

/** Puts a column in the place of another one. */
export function moved(columns: GridColumn[], layout: ColumnLayout, id: string, target: string): ColumnLayout {
  const order = ordered(columns, layout).map((column) => column.id);
  const to = order.indexOf(target);
  const from = order.indexOf(id);
  if (to === -1 || from === -1 || to === from) return layout;
  order.splice(from, 1);
  order.splice(to, 0, id);
  return { ...layout, order };
}

/** Moves a column by one place among those that are shown. */
export function nudged(columns: GridColumn[], layout: ColumnLayout, id: string, step: 1 | -1): ColumnLayout {
  const shown = visible(columns, layout).map((column) => column.id);
  const target = shown[shown.indexOf(id) + step];
  return target === undefined ? layout : moved(columns, layout, id, target);
}

export function withShown(layout: ColumnLayout, id: string, shown: boolean): ColumnLayout {
  return { ...layout, shown: { ...layout.shown, [id]: shown } };
}

export function withWidth(layout: ColumnLayout, id: string, width: number): ColumnLayout {
  return { ...layout, widths: { ...layout.widths, [id]: Math.min(WIDEST, Math.max(NARROWEST, Math.round(width))) } };
}

export function withoutWidth(layout: ColumnLayout, id: string): ColumnLayout {
  return { ...layout, widths: Object.fromEntries(Object.entries(layout.widths).filter(([column]) => column !== id)) };
}

/** Whether nothing was chosen. */
export function isDefault({ order, shown, widths }: ColumnLayout): boolean {
  return order.length === 0 && Object.keys(shown).length === 0 && Object.keys(widths).length === 0;
}
