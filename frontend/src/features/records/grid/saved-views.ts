import { type ColumnLayout, readLayout } from './column-layout';
import { readStored, store } from './stored';

export const modes = ['pages', 'scroll'] as const;
export type GridMode = (typeof modes)[number];

/** A named way to look at a collection. */
export interface SavedView {
  name: string;
  filter: string;
  sort: string;
  mode: GridMode;
  layout: ColumnLayout;
}

export function readViews(collection: string): SavedView[] {
  const stored = readStored('views', collection);
  if (!Array.isArray(stored)) return [];
  return stored.flatMap((entry: unknown): SavedView[] => {
    const { name, filter, sort, mode, layout } = (entry ?? {}) as Partial<Record<keyof SavedView, unknown>>;
    if (typeof name !== 'string' || name === '') return [];
    return [
      {
        name,
        filter: typeof filter === 'string' ? filter : '',
        sort: typeof sort === 'string' ? sort : '',
        mode: mode === 'scroll' ? 'scroll' : 'pages',
        layout: readLayout(layout),
      },
    ];
  });
}

/** Keeps a view; one of the same name gives way. */
export function keepView(collection: string, view: SavedView): SavedView[] {
  const others = readViews(collection).filter(({ name }) => name !== view.name);
  const views = [...others, view].sort((a, b) => a.name.localeCompare(b.name));
  store('views', collection, views);
  return views;
}

export function dropView(collection: string, name: string): SavedView[] {
  const views = readViews(collection).filter((view) => view.name !== name);
  store('views', collection, views.length > 0 ? views : null);
  return views;
}

/** Whether two views show the same. */
export function sameView(one: Omit<SavedView, 'name'>, other: Omit<SavedView, 'name'>): boolean {
  const essence = ({ filter, sort, mode, layout }: Omit<SavedView, 'name'>) =>
    JSON.stringify([filter, sort, mode, layout.order, sortedEntries(layout.shown), sortedEntries(layout.widths)]);
  return essence(one) === essence(other);
}

const sortedEntries = (record: Record<string, unknown>) =>
  Object.entries(record).sort(([a], [b]) => a.localeCompare(b));
