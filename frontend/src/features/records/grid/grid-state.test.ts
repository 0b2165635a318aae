import { describe, expect, it } from 'vitest';
import type { FieldDefinition, RecordRow } from '@/shared/api/types';
import { placeAfter, placeBefore, type WalkPage } from '../api/walk-records';
import {
  emptyLayout,
  moved,
  nudged,
  readLayout,
  visible,
  widthOf,
  withoutWidth,
  withShown,
  withWidth,
} from './column-layout';
import { gridColumns } from './grid-columns';
import { nextCell } from './grid-keys';
import { dropView, keepView, readViews, sameView } from './saved-views';
import { allToggled, coverage, extended, nothing, toggled, without } from './selection';
import { apiSort, pressed, readSort, sortedBy, writeSort } from './sort-order';

const field = (name: string, type: string, more: Partial<FieldDefinition> = {}) =>
  ({ name, type, required: false, unique: false, pii: false, options: null, ...more }) as FieldDefinition;
const schema = [field('title', 'text'), field('price', 'number'), field('ssn', 'text', { pii: true })];
const columns = gridColumns(schema, false);
const shown = (layout = emptyLayout) => visible(columns, layout).map(({ id }) => id);

describe('columns', () => {
  it('begin with id, fields, account and creation', () => {
    expect(shown()).toEqual(['id', 'field:title', 'field:price', 'field:ssn', 'account', 'created_at']);
  });

  it('are moved to a place, by one place, and back to the edge at most', () => {
    const layout = moved(columns, emptyLayout, 'field:price', 'id');
    expect(shown(layout).slice(0, 2)).toEqual(['field:price', 'id']);
    expect(shown(nudged(columns, layout, 'field:price', 1)).slice(0, 2)).toEqual(['id', 'field:price']);
    expect(nudged(columns, layout, 'field:price', -1)).toBe(layout);
  });

  it('step over hidden ones', () => {
    const layout = nudged(columns, withShown(emptyLayout, 'field:price', false), 'field:title', 1);
    expect(shown(layout)).toEqual(['id', 'field:ssn', 'field:title', 'account', 'created_at']);
  });

  it('never all vanish', () => {
    const layout = columns.reduce((now, { id }) => withShown(now, id, false), emptyLayout);
    expect(shown(layout)).toEqual(['id']);
  });

  it('keep an order to which a field was added later', () => {
    const order = columns.map(({ id }) => id).filter((id) => id !== 'field:price');
    expect(shown({ ...emptyLayout, order: order.reverse() }).indexOf('field:price')).toBe(
      shown({ ...emptyLayout, order }).indexOf('field:title') + 1,
    );
  });

  it('have widths within bounds', () => {
    const title = columns[1];
    if (!title) throw new Error();
    expect(widthOf(title, withWidth(emptyLayout, title.id, 3))).toBe(72);
    expect(widthOf(title, withoutWidth(withWidth(emptyLayout, title.id, 300), title.id))).toBe(title.width);
  });

  it('read what is stored, and nothing else', () => {
    expect(readLayout({ order: ['id', 4], shown: { id: false, x: 'no' }, widths: { id: 90, x: null } })).toEqual({
      order: ['id'],
      shown: { id: false },
      widths: { id: 90 },
    });
    for (const broken of [null, 7, [], 'x']) expect(readLayout(broken)).toEqual(emptyLayout);
  });

  it('are not edited where values are masked or derived', () => {
    const editable = (masked: boolean) =>
      gridColumns([...schema, field('sum', 'computed'), field('scan', 'file')], masked)
        .filter((column) => column.editable)
        .map(({ label }) => label);
    expect(editable(false)).toEqual(['title', 'price', 'ssn']);
    expect(editable(true)).toEqual(['title', 'price']);
  });
});

describe('order', () => {
  it('is pressed together from several columns', () => {
    let order = pressed(readSort('-created_at'), 'title', false);
    expect(writeSort(order)).toBe('title');
    order = pressed(order, 'price', true);
    order = pressed(order, 'price', true);
    expect(writeSort(order)).toBe('title,-price');
    expect(apiSort(writeSort(order))).toBe('+title,-price');
    expect(writeSort(pressed(order, 'price', true))).toBe('title');
    expect(writeSort(pressed(readSort('title'), 'title', false))).toBe('-title');
  });

  it('is chosen for a column without losing the others', () => {
    const order = sortedBy(readSort('a,b'), { column: 'a', descending: true }, true);
    expect(writeSort(order)).toBe('-a,b');
    expect(writeSort(sortedBy(order, { column: 'c', descending: false }, false))).toBe('c');
  });
});

describe('selection', () => {
  const rows = ['a', 'b', 'c', 'd'].map((id) => ({ id }) as RecordRow);
  const [a, b, , d] = rows as [RecordRow, RecordRow, RecordRow, RecordRow];
  const ids = ({ rows: chosen }: typeof nothing) => [...chosen.keys()].sort().join('');

  it('takes ranges in either direction from the row chosen last', () => {
    expect(ids(extended(toggled(nothing, b), rows, d))).toBe('bcd');
    expect(ids(extended(toggled(nothing, d), rows, b))).toBe('bcd');
    expect(ids(extended(nothing, rows, b))).toBe('b');
  });

  it('takes all rows and gives them back, and keeps those of other pages', () => {
    const elsewhere = toggled(nothing, { id: 'x' } as RecordRow);
    const all = allToggled(elsewhere, rows);
    expect(coverage(all, rows)).toBe('all');
    expect(ids(allToggled(all, rows))).toBe('x');
    expect(coverage(toggled(all, a), rows)).toBe('some');
    expect(ids(without(all, ['a', 'x']))).toBe('bcd');
    expect(coverage(nothing, [])).toBe('none');
  });
});

describe('keys', () => {
  const bounds = { first: 100, last: 199, columns: 5, page: 10 };
  const press = (key: string, row: number, column: number, ctrlKey = false) =>
    nextCell({ row, column }, { key, ctrlKey, metaKey: false }, bounds);

  it('walk between cells, to edges and over pages', () => {
    expect(press('ArrowDown', -1, 2)).toEqual({ row: 100, column: 2 });
    expect(press('ArrowUp', 100, 2)).toEqual({ row: -1, column: 2 });
    expect(press('ArrowRight', 120, 4)).toBeNull();
    expect(press('End', 120, 1)).toEqual({ row: 120, column: 4 });
    expect(press('Home', 120, 3, true)).toEqual({ row: 100, column: 0 });
    expect(press('PageDown', 195, 1)).toEqual({ row: 199, column: 1 });
    expect(press('PageUp', 195, 1)).toEqual({ row: 185, column: 1 });
    expect(press('x', 120, 1)).toBeNull();
  });

  it('stay in the head where there are no rows', () => {
    const none = { first: 0, last: -1, columns: 5, page: 10 };
    for (const key of ['ArrowDown', 'PageDown']) {
      expect(nextCell({ row: -1, column: 1 }, { key, ctrlKey: false, metaKey: false }, none)).toBeNull();
    }
  });
});

describe('walking', () => {
  const page = (start: number, count: number, more = true): WalkPage => ({
    items: Array.from({ length: count }, (_, index) => ({ id: String(start + index) }) as RecordRow),
    start,
    next: `after-${start + count - 1}`,
    previous: `before-${start}`,
    more,
  });

  it('goes on after what is loaded, also where rows were taken out', () => {
    expect(placeAfter([page(500, 100), page(600, 99)])).toEqual({ cursor: 'after-698', start: 699 });
    expect(placeAfter([page(0, 100), page(100, 20, false)])).toBeUndefined();
  });

  it('goes back to the beginning and no farther', () => {
    expect(placeBefore([page(500, 100)])).toEqual({ before: 'before-500', start: 400 });
    expect(placeBefore([page(60, 100)])).toEqual({ before: 'before-60', start: 0 });
    expect(placeBefore([page(0, 100)])).toBeUndefined();
  });
});

describe('saved views', () => {
  const view = { filter: 'a = 1', sort: '-a', mode: 'scroll', layout: emptyLayout } as const;

  it('are kept by collection under a name, the last one of a name', () => {
    keepView('books', { ...view, name: 'Mine' });
    keepView('books', { ...view, name: 'Mine', filter: 'a = 2' });
    expect(readViews('books').map(({ name, filter }) => [name, filter])).toEqual([['Mine', 'a = 2']]);
    expect(readViews('others')).toEqual([]);
    expect(dropView('books', 'Mine')).toEqual([]);
  });

  it('are the same whatever the order in which columns were chosen', () => {
    const one = { ...view, layout: { ...emptyLayout, shown: { a: true, b: false } } };
    const other = { ...view, layout: { ...emptyLayout, shown: { b: false, a: true } } };
    expect(sameView(one, other)).toBe(true);
    expect(sameView(one, view)).toBe(false);
  });

  it('pass over what is broken in the storage', () => {
    localStorage.setItem('snackbase-grid-views:books', '[1,{"name":""},{"name":"x","mode":"odd"}]');
    expect(readViews('books')).toEqual([{ name: 'x', filter: '', sort: '', mode: 'pages', layout: emptyLayout }]);
    localStorage.setItem('snackbase-grid-views:books', '{');
    expect(readViews('books')).toEqual([]);
  });
});
