import { describe, expect, it } from 'vitest';
import { conflictOf, resolved } from './record-conflict';

const before = { title: 'Tea', price: '2', note: 'old', ok: false, kind: 'a' };
const theirs = { title: 'Green tea', price: '3', note: 'old', ok: true, kind: 'b' };
const mine = { title: 'Black tea', price: '2', note: 'mine', ok: true, kind: 'a' };

describe('conflictOf', () => {
  it('asks only where both changed a field differently', () => {
    expect(conflictOf(before, theirs, mine)).toEqual({
      contested: [{ name: 'title', before: 'Tea', theirs: 'Green tea', mine: 'Black tea' }],
      changed: ['price', 'kind'],
    });
  });

  it('finds nothing when only the time of the change differs', () => {
    expect(conflictOf(before, before, mine)).toEqual({ contested: [], changed: [] });
  });
});

describe('resolved', () => {
  it('keeps what was entered where it was chosen or nobody else changed it', () => {
    expect(resolved(before, theirs, mine, () => true)).toEqual({
      title: 'Black tea',
      price: '3',
      note: 'mine',
      ok: true,
      kind: 'b',
    });
    expect(resolved(before, theirs, mine, () => false)).toMatchObject({ title: 'Green tea', note: 'mine' });
  });
});
