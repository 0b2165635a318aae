import { describe, expect, it } from 'vitest';
import { jsonFault } from './json-fault';

describe('jsonFault', () => {
  it.each(['{}', '[]', ' null ', '-1.5e+10', '"a\\u00e9\\n"', '{"a":[1,{"b":true}],\n"c":""}', '0'])(
    'lets %j pass, as JSON.parse does',
    (text) => {
      expect(() => JSON.parse(text) as unknown).not.toThrow();
      expect(jsonFault(text)).toBeNull();
    },
  );

  it.each([
    ['{"a": 1,\n "b": }', 'value', 2, 7],
    ['{"a": 1,\n}', 'name', 2, 1],
    ['{a: 1}', 'name', 1, 2],
    ['{"a" 1}', 'colon', 1, 6],
    ['{"a": 1 "b": 2}', 'separator', 1, 9],
    ['[1,]', 'value', 1, 4],
    ['[01]', 'number', 1, 3],
    ['[1.]', 'number', 1, 3],
    ['["a\nb"]', 'string', 1, 2],
    ['["a', 'string', 1, 2],
    ['["\\x"]', 'escape', 1, 3],
    ['[1', 'end', 1, 3],
    ['', 'end', 1, 1],
    ['{} x', 'trailing', 1, 4],
    ['nope', 'value', 1, 1],
  ])('finds where %j is wrong', (text, kind, line, column) => {
    expect(() => JSON.parse(text) as unknown).toThrow();
    expect(jsonFault(text)).toMatchObject({ kind, line, column });
  });
});
