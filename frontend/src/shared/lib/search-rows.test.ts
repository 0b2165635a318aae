import { describe, expect, it } from 'vitest';
import { matching, sorted } from './search-rows';

const rows = [
  { name: 'editors', description: 'May write', count: 10 },
  { name: 'Authors', description: null, count: 9 },
];

describe('matching', () => {
  it('looks into every text without regard to case', () => {
    expect(matching(rows, ' AUTH', (row) => [row.name, row.description])).toEqual([rows[1]]);
    expect(matching(rows, 'write', (row) => [row.name, row.description])).toEqual([rows[0]]);
    expect(matching(rows, '', (row) => [row.name])).toEqual(rows);
  });
});

describe('sorted', () => {
  it('orders texts as people do and numbers by size', () => {
    expect(sorted(rows, 'name').map((row) => row.name)).toEqual(['Authors', 'editors']);
    expect(sorted(rows, '-count').map((row) => row.count)).toEqual([10, 9]);
  });

  it('puts rows without a value last in both directions', () => {
    expect(sorted(rows, 'description').at(-1)?.name).toBe('Authors');
    expect(sorted(rows, '-description').at(-1)?.name).toBe('Authors');
  });
});
