import { describe, expect, it } from 'vitest';
import { completions, nameAt } from './completion';
import { faultPlace } from './fault';
import { carriedValues, findField, isComplete, newCondition, operatorsFor, ownFields, typedValue } from './fields';
import type { Condition, FilterValue, Group, Operator } from './model';
import { parseFilter } from './parse';
import { printFilter } from './print';

const condition = (field: string, operator: Operator, ...values: FilterValue[]): Condition => ({
  kind: 'condition',
  field,
  operator,
  values,
});
const group = (join: Group['join'], ...items: Group['items']): Group => ({ kind: 'group', join, items });
const rows = (text: string) => {
  const parsed = parseFilter(text);
  if (parsed.kind !== 'rows') throw new Error(`${text} is ${parsed.kind}`);
  return parsed.group;
};

describe('filters that rows can show', () => {
  it.each([
    ['', ''],
    ['price > 10', 'price > 10'],
    ['price>=1.50', 'price >= 1.5'],
    ['price = -5', 'price = -5'],
    ["title = 'it''", null],
    ['title = \'say "hi"\'', 'title = "say \\"hi\\""'],
    ['title = "a\\\\b"', 'title = "a\\\\b"'],
    ['title = "100% \\"pure\\""', 'title = "100% \\"pure\\""'],
    ['ok = TRUE', 'ok = true'],
    ['city is null', 'city IS NULL'],
    ['city IS NOT NULL', 'city IS NOT NULL'],
    ['city = null', 'city IS NULL'],
    ['city != null', 'city IS NOT NULL'],
    ['title ?= null', 'title ?= null'],
    ['title ?!= NULL', 'title ?!= null'],
    ['title ~ "%tea%"', 'title ~ "%tea%"'],
    ['title !~ "%tea%"', 'title !~ "%tea%"'],
    ['title ~ "tea%"', 'title ~ "tea%"'],
    ['title ~ "%tea"', 'title ~ "%tea"'],
    ['title ~ "t_a"', 'title ~ "t_a"'],
    ['title ~ "%"', 'title ~ "%"'],
    ['title ~ "%%"', 'title ~ "%%"'],
    ['title !~ "tea%"', 'title !~ "tea%"'],
    ['title @@ "red wine"', 'title @@ "red wine"'],
    ['state in ("new", "old")', 'state IN ("new", "old")'],
    ['n NOT IN (1, -2, 3.5)', 'n NOT IN (1, -2, 3.5)'],
    ['author.city.name = "Ulm"', 'author.city.name = "Ulm"'],
    ['a = 1 && b = 2 && c = 3', 'a = 1 && b = 2 && c = 3'],
    ['a = 1 || b = 2', 'a = 1 || b = 2'],
    ['a = 1 || b = 2 && c = 3', 'a = 1 || (b = 2 && c = 3)'],
    ['(a = 1 || b = 2) && c = 3', '(a = 1 || b = 2) && c = 3'],
    ['((a = 1))', 'a = 1'],
    ['(n >= 1 && n <= 5)', '(n >= 1 && n <= 5)'],
    ['n >= 1 && n <= 5', 'n >= 1 && n <= 5'],
    ['(n >= 1 && m <= 5) || x = 1', '(n >= 1 && m <= 5) || x = 1'],
    ['! ok = true', '!(ok = true)'],
    ['!(a = 1 || b = 2)', '!(a = 1 || b = 2)'],
    ['!(a = 1 && b = 2)', '!(a = 1 && b = 2)'],
    ['x = 1 && !(a = 1 || (b = 2 && c = 3))', 'x = 1 && !(a = 1 || (b = 2 && c = 3))'],
    ['größe > 3', 'größe > 3'],
  ])('%s', (text, printed) => {
    if (printed === null) return expect(parseFilter(text).kind).toBe('faulty');
    expect(printFilter(rows(text))).toBe(printed);
    // Printed once, a filter stays as it is.
    expect(printFilter(rows(printed))).toBe(printed);
    expect(rows(printed)).toEqual(rows(text));
  });

  it('reads from and to within brackets as one condition', () => {
    expect(rows('(n >= 1 && n <= 5)').items).toEqual([condition('n', 'between', 1, 5)]);
    expect(rows('n >= 1 && n <= 5').items).toHaveLength(2);
  });

  it('takes the wildcards off a pattern', () => {
    expect(rows('t ~ "%50% off%"').items).toEqual([condition('t', 'contains', '50% off')]);
    expect(rows('t ~ "a%b%"').items).toEqual([condition('t', 'starts', 'a%b')]);
  });

  it('keeps what every combination of values and operators stands for', () => {
    const texts = ['x', '"', "'", '\\', '\\"', 'a\\', 'é 😀', '(a || b)', '100', 'null', 'a\nb'];
    const numbers = [0, -1, 0.1, 1e21, 1e-7, -2.5e-9, 123456789.125];
    const textual: Operator[] = ['eq', 'ne', 'contains', 'notContains', 'starts', 'ends', 'oneOf', 'words'];
    const conditions = [
      ...textual.flatMap((operator) => texts.map((text) => condition('t', operator, text))),
      ...(['eq', 'lt', 'ge'] as Operator[]).flatMap((operator) => numbers.map((n) => condition('n', operator, n))),
      condition('t', 'oneOf', ...texts),
      condition('n', 'between', -2.5e-9, 1e21),
      condition('b', 'eq', false),
      condition('t', 'empty'),
      condition('t', 'notNull'),
    ];
    for (const first of conditions) {
      for (const join of ['and', 'or', 'none'] as const) {
        const filter = group('and', condition('z', 'eq', 1), group(join, first, condition('y', 'null')), first);
        expect(rows(printFilter(filter))).toEqual(filter);
      }
    }
  });

  it('leaves out groups without conditions', () => {
    expect(printFilter(group('and', group('or'), condition('a', 'eq', 1), group('none', group('and'))))).toBe('a = 1');
    expect(printFilter(group('none'))).toBe('');
    const either = group('or', condition('a', 'eq', 1), condition('b', 'eq', 2));
    expect(printFilter(group('and', group('and', either)))).toBe('a = 1 || b = 2');
    expect(printFilter(group('or', group('none', either)))).toBe('!((a = 1 || b = 2))');
  });
});

describe('filters that only their text can show', () => {
  it.each([
    'upper(title) = "A"',
    'n * 2 > 4',
    'n + 1 = 2',
    'n = 1 + 1',
    'n > m',
    '"a" = title',
    '5 < n',
    '(n) > 5',
    '(a = 1) = b',
    'ok',
    'ok && n = 1',
    'true',
    'n IN (1, m)',
    'n < null',
    'n ~ 5',
    'owner = @request.auth.id',
    '@request.auth.id = owner',
    '-n = 5',
  ])('%s', (text) => {
    expect(parseFilter(text)).toEqual({ kind: 'textOnly' });
  });
});

describe('texts that are no filter', () => {
  it.each([
    ['price >', 7],
    ['price > 1 title', 10],
    ['(price > 1', 10],
    ['price > 1)', 9],
    ['a & b', 2],
    ['a = "open', 9],
    ['a = 1 && ', 9],
    ['a IN ()', 6],
    ['a IS 5', 5],
    ['a = ; 1', 4],
    ['a = 1 = 2', 6],
  ])('%s', (text, position) => {
    expect(parseFilter(text)).toEqual({ kind: 'faulty', position });
  });
});

describe('the place of a fault', () => {
  it.each([
    ['price >', 'Unexpected token: EOF at position 7', 7, 7],
    ['price > 1 title', 'Unexpected token after expression at position 10', 10, 15],
    ['t = "😀" x', 'Unexpected token after expression at position 8', 9, 10],
    ['a = 1 && zzz = 2', "Field 'zzz' does not exist in collection. Available fields: a, id", 9, 12],
    ['a = "zzz" && zzz = 2', "Field 'zzz' does not exist in collection. Available fields: a, id", 13, 16],
    ['ok > 1', "Operator '>' is not supported for field 'ok' of type 'boolean'. Allowed operators: !=, =", 3, 4],
    ['foo(a) = 1', "Unknown function 'foo'. Available: upper", 0, 3],
    ['a = @me.id', "Context variables are not allowed in filters: '@me.id'. Use plain field names only", 4, 10],
  ])('%s', (text, message, start, end) => {
    expect(faultPlace(text, message)).toEqual({ start, end });
  });

  it('is nowhere when the message names none', () => {
    expect(faultPlace('a = 1', 'Expression is too complex')).toBeNull();
  });
});

const field = (name: string, type: string, more = {}) => ({
  name,
  type,
  required: false,
  default: null,
  unique: false,
  options: null,
  collection: null,
  on_delete: null,
  pii: false,
  mask_type: null,
  expression: null,
  return_type: null,
  ...more,
});
const fields = ownFields([
  field('title', 'text', { options: { searchable: true } }),
  field('price', 'number'),
  field('ok', 'boolean'),
  field('total', 'computed', { return_type: 'number' }),
  field('author', 'reference', { collection: 'authors' }),
  field('meta', 'json'),
]);
const known = (path: string) => {
  const found = findField(fields, path);
  if (!found) throw new Error(path);
  return found;
};

describe('conditions by the type of their field', () => {
  it('offers what the server allows', () => {
    expect(operatorsFor(known('title'))).toContain('words');
    expect(operatorsFor(known('created_by'))).not.toContain('words');
    expect(operatorsFor(known('total'))).toContain('between');
    expect(operatorsFor(known('meta'))).toEqual(['notNull', 'null']);
    expect(operatorsFor(known('created_at'))).not.toContain('contains');
  });

  it('begins without a value, but yes for a boolean', () => {
    expect(newCondition(known('ok'))).toEqual(condition('ok', 'eq', true));
    expect(isComplete(newCondition(known('price')), 'number')).toBe(false);
    expect(isComplete(newCondition(known('title')), 'text')).toBe(true);
    expect(isComplete(condition('title', 'contains', ''), 'text')).toBe(false);
  });

  it('carries values from one operator to the next', () => {
    expect(carriedValues('number', 'between', [3])).toEqual([3, '']);
    expect(carriedValues('text', 'oneOf', [''])).toEqual([]);
    expect(carriedValues('text', 'null', ['x'])).toEqual([]);
  });

  it('writes numbers bare and texts in quotes', () => {
    expect(typedValue('number', '12.50')).toBe(12.5);
    expect(typedValue('number', 'abc')).toBe('abc');
    expect(typedValue('text', '12')).toBe('12');
    expect(printFilter(group('and', condition('n', 'eq', typedValue('number', '1e3'))))).toBe('n = 1000');
  });
});

describe('completion', () => {
  it.each([
    ['pri', 3, { text: 'pri', start: 0 }],
    ['a = 1 && author.ci', 18, { text: 'author.ci', start: 9 }],
    ['a = "pri', 8, null],
    ['a = 1', 5, null],
    ['@req', 4, null],
    ['', 0, null],
    ['a = "x" && ti', 13, { text: 'ti', start: 11 }],
  ])('finds the name at the cursor of %s', (text, cursor, name) => {
    expect(nameAt(text, cursor)).toEqual(name);
  });

  it('lists names that begin so before names that contain it', () => {
    const all = fields.flatMap((one) => one.fields);
    expect(completions(all, 'at').map(({ path }) => path)).toEqual([
      'created_by',
      'updated_by',
      'created_at',
      'updated_at',
    ]);
    expect(completions(all, 'up').map(({ path }) => path)).toEqual(['updated_by', 'updated_at']);
    expect(completions(all, 'TI').map(({ path }) => path)).toEqual(['title']);
    expect(completions(all, 'title')).toEqual([]);
  });
});
