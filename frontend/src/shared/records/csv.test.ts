import { describe, expect, it } from 'vitest';
import { csvRows } from './csv';

describe('csvRows', () => {
  it('reads quotes, line breaks of both kinds and a byte order mark', () => {
    expect(csvRows('\uFEFFa,b\r\n1,"x, ""y""\nz"\n\n,\n', 10).rows).toEqual([
      ['a', 'b'],
      ['1', 'x, "y"\nz'],
      ['', ''],
    ]);
  });

  it('stops after the wanted number of rows', () => {
    expect(csvRows('a\n1\n2\n3\n', 2).rows).toEqual([['a'], ['1']]);
  });

  it('keeps a last row without line break', () => {
    expect(csvRows('a,b\n1,2', 10).rows).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
  });

  it('tells where the first row ends', () => {
    const text = '\n"a\nx",b\r\n1,2';
    expect(text.slice(csvRows(text, 2).firstEnd)).toBe('1,2');
  });
});
