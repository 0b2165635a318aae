import { describe, expect, it } from 'vitest';
import type { FieldDefinition } from '@/shared/api/types';
import { aggregateQuery } from './api/aggregate';
import { parseHaving, printHaving } from './having';
import { aliasOf, fieldsFor, groupableFields, printMeasure, readGroups, readMeasures } from './measures';
import { drawnGroups, fittingViews, type ResultColumn, resultCsv, sortedRows } from './result';

const field = (name: string, type: string) => ({ name, type }) as FieldDefinition;
const schema = [field('title', 'text'), field('price', 'number'), field('ok', 'boolean'), field('twice', 'computed')];

describe('what is asked', () => {
  it('reads measures and groups of an address and drops what does not fit', () => {
    expect(readMeasures('count(), sum( price ),sum(),foo(x),count(),max(title)').map(printMeasure)).toEqual([
      'count()',
      'sum(price)',
      'max(title)',
    ]);
    expect(readMeasures('count(),count(title)').map(aliasOf)).toEqual(['count', 'count_title']);
    expect(readGroups('state, day,,state,a b')).toEqual(['state', 'day']);
    expect(readMeasures('')).toEqual([]);
  });

  it('offers a function the fields that it takes', () => {
    expect(fieldsFor('sum', schema)).toEqual(['price']);
    expect(fieldsFor('min', schema)).toEqual(['title', 'price']);
    expect(fieldsFor('count', schema)).toContain('created_by');
    expect(groupableFields(schema)).not.toContain('twice');
    expect(groupableFields(schema)).toContain('created_by');
  });

  it('leaves out parameters that ask for nothing', () => {
    expect(aggregateQuery({ functions: ['count()'], groups: [], filter: ' ', having: '' })).toEqual({
      functions: 'count()',
    });
    expect(
      aggregateQuery({ functions: ['count()', 'avg(n)'], groups: ['a', 'b'], filter: 'n > 1', having: 'count > 2' }),
    ).toEqual({ functions: 'count(),avg(n)', group_by: 'a,b', filter: 'n > 1', having: 'count > 2' });
  });
});

describe('the condition on results', () => {
  it.each([
    ['', ''],
    ['count > 1', 'count > 1'],
    ['COUNT() >= 2', 'count >= 2'],
    ['sum(n) > -1.5 and count<10', 'sum_n > -1.5 AND count < 10'],
    ['a = "x" || b != \'y\'', 'a = "x" OR b != "y"'],
    ['max_title = "say \\"A AND B\\""', 'max_title = "say \\"A AND B\\""'],
  ])('%s', (text, printed) => {
    const parsed = parseHaving(text);
    expect(parsed && printHaving(parsed)).toBe(printed);
  });

  it.each(['(count > 1)', 'count > 1 AND sum_n > 2 OR avg_n > 3', 'count >', 'count > 1 AND', 'count ! 1', 'count'])(
    'shows %s as text only',
    (text) => {
      expect(parseHaving(text)).toBeNull();
    },
  );

  it('leaves out rows without a value', () => {
    const rows = [
      { alias: 'count', operator: '>', value: '' },
      { alias: 'sum_n', operator: '<', value: '3' },
    ] as const;
    expect(printHaving({ join: 'AND', rows: [...rows] })).toBe('sum_n < 3');
  });
});

const column = (key: string, type: ResultColumn['type'], measure = false): ResultColumn => ({
  key,
  label: key,
  type,
  measure,
});

describe('the result', () => {
  const columns = [column('state', 'text'), column('count', 'number', true), column('sum_n', 'number', true)];
  const rows = [
    { state: null, count: 2, sum_n: null },
    { state: 'b', count: 10, sum_n: 2 },
    { state: 'a', count: 3, sum_n: 1 },
  ];

  it('is sorted by a column, what has no value last', () => {
    expect(sortedRows(rows, 'count').map((row) => row.count)).toEqual([2, 3, 10]);
    expect(sortedRows(rows, '-state').map((row) => row.state)).toEqual(['b', 'a', null]);
    expect(sortedRows(rows, '-sum_n').map((row) => row.sum_n)).toEqual([2, 1, null]);
    expect(sortedRows(rows, undefined)).toEqual(rows);
  });

  it('is drawn as fits', () => {
    expect(fittingViews(columns, rows)).toEqual(['bar', 'table']);
    expect(fittingViews(columns.slice(0, 2), rows)).toEqual(['bar', 'pie', 'table']);
    expect(fittingViews([column('day', 'date'), column('count', 'number', true)], rows)).toEqual([
      'line',
      'bar',
      'pie',
      'table',
    ]);
    expect(fittingViews([column('count', 'number', true)], [{ count: 3 }])).toEqual(['table']);
    expect(fittingViews([column('state', 'text'), column('max_t', 'text', true)], [{ max_t: 'x' }])).toEqual(['table']);
    expect(drawnGroups(columns, rows)[1]).toEqual({ label: 'b', values: { count: 10, sum_n: 2 } });
    expect(drawnGroups(columns, rows)[0]?.values).toEqual({ count: 2 });
  });

  it('is written as CSV, with nothing that a spreadsheet would run', () => {
    const risky = [
      { state: '=1+1', count: -2, sum_n: null },
      { state: 'a "b", c', count: 1, sum_n: 0.5 },
    ];
    expect(resultCsv(columns, risky)).toBe('state,count,sum_n\r\n\'=1+1,-2,\r\n"a ""b"", c",1,0.5\r\n');
  });
});
