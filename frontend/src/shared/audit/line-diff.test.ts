import { describe, expect, it } from 'vitest';
import { lineDiff } from './line-diff';

const short = (before: string | null, after: string | null) =>
  lineDiff(before, after).map(({ kind, text }) => `${{ same: ' ', removed: '-', added: '+' }[kind]}${text}`);

describe('lineDiff', () => {
  it('keeps what both have and marks the rest', () => {
    expect(short('a\nb\nc', 'a\nx\nc')).toEqual([' a', '-b', '+x', ' c']);
  });

  it('lays JSON out, so that one changed value is one changed line', () => {
    expect(short('{"host":"a","port":1}', '{"host":"a","port":2}')).toEqual([
      ' {',
      '   "host": "a",',
      '-  "port": 1',
      '+  "port": 2',
      ' }',
    ]);
  });

  it('tells nothing from an empty text', () => {
    expect(short(null, '')).toEqual(['+']);
    expect(short('gone', null)).toEqual(['-gone']);
  });

  it('does not compare what is too long for it', () => {
    const long = Array.from({ length: 600 }, (_, line) => `line ${line}`).join('\n');
    expect(lineDiff(long, long)).toHaveLength(1200);
  });
});
