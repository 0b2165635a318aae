import { QueryClient } from '@tanstack/react-query';
import { describe, expect, it } from 'vitest';
import type { FieldDefinition, RecordPage, RecordRow } from '@/shared/api/types';
import type { LiveEvent } from '@/shared/realtime/messages';
import { recordList } from '../api/list-records';
import { recordWalk, type Walk } from '../api/walk-records';
import {
  faded,
  lastOfEach,
  MARKED_FOR,
  MOST_FRESH,
  noNotes,
  noteChanged,
  noteFresh,
  noteGone,
  refreshed,
} from './live-notes';
import { changeRows } from './record-cache';
import { mergedRow, plainRecord, unexpanded } from './record-merge';

const schema = [
  { name: 'title', type: 'text' },
  { name: 'author', type: 'reference', collection: 'authors' },
] as FieldDefinition[];
const row = {
  id: '1',
  account_name: 'Bakery',
  title: 'Old',
  author: { id: 'a', name: 'Ann' },
  updated_at: 't1',
} as unknown as RecordRow;
const event = (operation: LiveEvent['operation'], id: string): LiveEvent => ({
  collection: 'books',
  operation,
  data: { id },
});

describe('merging of newer values', () => {
  it('keeps what only lists tell', () => {
    const next = mergedRow(row, { title: 'New', author: 'a', account_name: null, updated_at: 't2' }, schema);
    expect(next).toMatchObject({ title: 'New', account_name: 'Bakery', author: { name: 'Ann' }, updated_at: 't2' });
    expect(unexpanded(next, schema)).toEqual([]);
  });

  it('drops the record that a reference no longer points to', () => {
    const next = mergedRow(row, { author: 'b' }, schema);
    expect(next.author).toBe('b');
    expect(unexpanded(next, schema)).toEqual([{ field: schema[1], id: 'b' }]);
    expect(mergedRow(row, { author: null }, schema).author).toBeNull();
  });

  it('gives references as ids to the outside', () => {
    expect(plainRecord(row, schema).author).toBe('a');
  });
});

describe('cached rows', () => {
  const wanted = { collection: 'books', filter: '', expand: [] };
  const list = recordList({ ...wanted, page: 1, size: 25 }).queryKey;
  const walk = recordWalk(wanted).queryKey;
  const other = { id: '2' } as RecordRow;
  const filled = () => {
    const client = new QueryClient();
    client.setQueryData(list, { items: [row, other], total: 2, skip: 0, limit: 25 });
    const page = { start: 0, next: null, previous: null, more: false };
    client.setQueryData<Walk>(walk, {
      pages: [
        { ...page, items: [row] },
        { ...page, items: [other] },
      ],
      pageParams: [{ start: 0 }, { start: 1 }],
    });
    return client;
  };

  it('change in every list that holds them, and leave the others as they are', () => {
    const client = filled();
    const before = client.getQueryData<Walk>(walk);
    changeRows(client, 'books', new Set(['1']), (now) => ({ ...now, title: 'New' }));
    expect(client.getQueryData<RecordPage>(list)?.items[0]?.title).toBe('New');
    const after = client.getQueryData<Walk>(walk);
    expect(after?.pages[0]?.items[0]?.title).toBe('New');
    expect(after?.pages[1]).toBe(before?.pages[1]);
    changeRows(client, 'books', new Set(['9']), () => null);
    expect(client.getQueryData<Walk>(walk)).toBe(after);
  });

  it('go out with the total', () => {
    const client = filled();
    changeRows(client, 'books', new Set(['1']), () => null);
    expect(client.getQueryData<RecordPage>(list)).toMatchObject({ items: [{ id: '2' }], total: 1 });
  });
});

describe('notes', () => {
  it('count a record once, by how it stands in the end', () => {
    const events = lastOfEach([event('create', '1'), event('update', '1'), event('create', '2'), event('delete', '2')]);
    expect(events.map(({ operation, data }) => `${operation} ${data.id}`)).toEqual(['create 1', 'delete 2']);
  });

  it('tell of deleted rows, and forget new ones that are deleted', () => {
    const notes = noteGone(noteFresh(noNotes, ['5', '6']), ['5', '1', '8'], (id) => id === '1');
    expect(notes).toMatchObject({ fresh: ['6'], gone: ['1'] });
    expect(refreshed(notes)).toEqual(noNotes);
  });

  it('mark changed rows for some seconds', () => {
    const notes = noteChanged(noteChanged(noNotes, ['1'], 0), ['2'], 1_000);
    expect(faded(notes, MARKED_FOR - 1)).toBe(notes);
    expect(Object.keys(faded(notes, MARKED_FOR).changed)).toEqual(['2']);
  });

  it('do not grow without bounds', () => {
    const many = Array.from({ length: MOST_FRESH * 2 }, (_, index) => String(index));
    expect(noteFresh(noNotes, many).fresh).toHaveLength(MOST_FRESH);
  });
});
