import { describe, expect, it } from 'vitest';
import { nextSort, parseSort, readDay, readListSearch, readText, readWord, unlessDefault } from './list-search';

describe('readListSearch', () => {
  it('reads what fits', () => {
    expect(readListSearch({ page: 2, size: 50, sort: '-name', q: 'tea' })).toEqual({
      page: 2,
      size: 50,
      sort: '-name',
      q: 'tea',
    });
  });

  it('drops what does not fit', () => {
    const nothing = { page: undefined, size: undefined, sort: undefined, q: undefined };
    expect(readListSearch({ page: 0, size: 101, sort: 'a;b', q: '' })).toEqual(nothing);
    expect(readListSearch({ page: 'x', size: 2.5, sort: 7, q: { a: 1 } })).toEqual({ ...nothing, sort: '7' });
  });
});

describe('readText', () => {
  it('takes numbers and booleans for the text they were', () => {
    expect(readText(2026)).toBe('2026');
    expect(readText(false)).toBe('false');
    expect(readText(null)).toBeUndefined();
  });
});

describe('sorting', () => {
  it('splits the direction off', () => {
    expect(parseSort('-created_at')).toEqual({ column: 'created_at', descending: true });
    expect(parseSort('name')).toEqual({ column: 'name', descending: false });
  });

  it('goes up first, then down, then up again', () => {
    expect(nextSort('-created_at', 'name')).toBe('name');
    expect(nextSort('name', 'name')).toBe('-name');
    expect(nextSort('-name', 'name')).toBe('name');
  });

  it('leaves defaults out of the URL', () => {
    expect(unlessDefault(1, 1)).toBeUndefined();
    expect(unlessDefault(2, 1)).toBe(2);
  });
});

describe('readWord and readDay', () => {
  it('let only what is known through', () => {
    expect(readWord('sent', ['sent', 'failed'])).toBe('sent');
    expect(readWord('lost', ['sent', 'failed'])).toBeUndefined();
    expect(readDay('2026-02-28')).toBe('2026-02-28');
    expect(readDay('2026-13-01')).toBeUndefined();
    expect(readDay('yesterday')).toBeUndefined();
  });
});
