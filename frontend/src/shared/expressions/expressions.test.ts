import { describe, expect, it } from 'vitest';
import { checkable, computedFaults, typeWarnings } from './check';
import { callAt, parametersOf, suggestionsAt } from './complete';
import { faultsOf } from './faults';
import { parseExpression } from './parse';
import { tokensOf } from './tokens';
import { fieldAt, knownFields, type Vocabulary } from './vocabulary';
import { inWords, sentence } from './words';

const people = knownFields([
  { name: 'name', type: 'text' },
  { name: 'boss', type: 'reference', collection: 'people' },
]);
const vocabulary: Vocabulary = {
  fields: knownFields([
    { name: 'title', type: 'text' },
    { name: 'hours', type: 'number' },
    { name: 'open', type: 'boolean' },
    { name: 'due', type: 'date' },
    { name: 'author', type: 'reference', collection: 'people' },
  ]),
  collections: new Map([['people', people]]),
  caller: true,
  data: false,
  macros: [{ name: 'is_member', parameters: ['team'], description: 'In the team' }],
};

describe('tokens', () => {
  const kinds = (code: string) => tokensOf(code).map(({ kind, text }) => `${kind} ${text}`);

  it('tells names, variables, macros and functions apart', () => {
    expect(kinds('title = @request.auth.id')).toEqual(['field title', 'operator =', 'variable @request.auth.id']);
    expect(kinds('@has_role("x")').slice(0, 2)).toEqual(['macro @has_role', 'punctuation (']);
    expect(kinds('upper (a) IS NOT null')).toEqual([
      'function upper',
      'punctuation (',
      'field a',
      'punctuation )',
      'keyword IS',
      'keyword NOT',
      'keyword null',
    ]);
  });

  it('reads operators as the server does', () => {
    expect(kinds("a@@'x'")).toEqual(['field a', 'operator @@', "text 'x'"]);
    expect(kinds('a ?!= null && !b').map((token) => token.split(' ')[1])).toEqual(['a', '?!=', 'null', '&&', '!', 'b']);
  });

  it('keeps escaped quotes in a text and marks one that does not end', () => {
    expect(kinds('"a \\" b"')).toEqual(['text "a \\" b"']);
    expect(kinds('a = "open').at(-1)).toBe('invalid "open');
    expect(kinds("''")).toEqual(["text ''"]);
  });

  it('covers the text without overlaps', () => {
    const code = 'author.boss.name ~ "%x%" || (1.5 + -2) # 3';
    let at = 0;
    for (const { from, to, text } of tokensOf(code)) {
      expect(code.slice(at, from).trim()).toBe('');
      expect(code.slice(from, to)).toBe(text);
      at = to;
    }
    expect(at).toBe(code.length);
  });
});

describe('parsing', () => {
  it.each([
    'a = 1 && (b = 2 || c)',
    '!a && !(b)',
    'a NOT IN (1, "x") || b is not null',
    'if(a > 0, "y", concat(b, c)) = "y"',
    '-a * 2 + b % 3 >= -1',
    '@m && @m() && @m(a, "b")',
    'a ?= null',
  ])('takes %s', (code) => {
    const parsed = parseExpression(code);
    expect(parsed).not.toBeNull();
    expect([parsed?.from, parsed?.to]).toEqual([0, code.length]);
  });

  it.each(['', 'a =', 'a = 1 b', '(a', 'a && ', 'f(', 'a in ()', '"open', 'a # b'])('refuses %j', (code) => {
    expect(parseExpression(code)).toBeNull();
  });
});

describe('suggestions', () => {
  const at = (marked: string, asked = false) => {
    const caret = marked.indexOf('|');
    return suggestionsAt(marked.replace('|', ''), caret, vocabulary, asked);
  };
  const labels = (marked: string) => at(marked)?.options.map(({ label }) => label) ?? [];

  it('offers fields and functions for a word', () => {
    expect(at('ti|')).toMatchObject({ from: 0 });
    expect(labels('hours > 1 && ti|')).toEqual(expect.arrayContaining(['title', 'created_by', 'upper']));
  });

  it('follows references', () => {
    expect(labels('author.|')).toEqual(expect.arrayContaining(['author.name', 'author.boss', 'author.created_by']));
    expect(labels('author.boss.na|')).toContain('author.boss.name');
    expect(labels('title.|')).toEqual([]);
  });

  it('offers the caller and macros after @, and sent values only where there are some', () => {
    expect(labels('@|')).toEqual(expect.arrayContaining(['@request.auth.role', '@has_role', '@is_member']));
    expect(labels('@|')).not.toContain('@request.data.title');
    const withData = suggestionsAt('@', 1, { ...vocabulary, data: true }, false);
    expect(withData?.options.map(({ label }) => label)).toContain('@request.data.title');
    expect(suggestionsAt('@', 1, { ...vocabulary, caller: false }, false)?.options).toEqual([]);
  });

  it('stays silent in texts and numbers, but for units', () => {
    expect(at('title = "a|"')).toBeNull();
    expect(at('hours > 1|')).toBeNull();
    expect(labels("date_diff(due, now(), '|')")).toContain('days');
  });

  it('offers everything on demand', () => {
    expect(at('|')).toBeNull();
    expect(at('|', true)?.options.length).toBeGreaterThan(20);
  });

  it('finds the call around the caret', () => {
    const call = (marked: string) => callAt(marked.replace('|', ''), marked.indexOf('|'));
    expect(call('round(a, |')).toMatchObject({ name: 'round', argument: 1 });
    expect(call('if(a > (b|), 1, 2)')).toMatchObject({ name: 'if', argument: 0 });
    expect(call('@is_member(|)')).toMatchObject({ name: '@is_member', argument: 0 });
    expect(call('round(a)|')).toBeNull();
    expect(parametersOf('@is_member', vocabulary)).toEqual(['team']);
    expect(parametersOf('ROUND', vocabulary)).toEqual(['number', 'digits?']);
  });
});

describe('checks', () => {
  it('writes names behind references in the same length', () => {
    const { rule, names } = checkable('author.boss.name = 1 && title.x = 2', vocabulary);
    expect(rule).toBe('author_boss_name = 1 && title.x = 2');
    expect(names).toContain('author_boss_name');
    expect(fieldAt('author.boss.boss.boss.name', vocabulary)).toBeUndefined();
  });

  it.each([
    ['title = ', 'Unexpected token: EOF at position 8', '=', 'Something is missing at the end.'],
    ['a = 1 b', 'Unexpected token after expression at position 6', 'b', /“b” does not belong here/],
    ['"é😀" = titel', "Field 'titel' does not exist in collection. Available fields: a, b", 'titel', /collection\.$/],
    ['"😀" = 1 x', 'Unexpected token after expression at position 8', 'x', /belong/],
    ['length(a, b)', 'length() requires exactly 1 argument(s), got 2', 'length', /got 2/],
    ['@has_role()', '@has_role() requires exactly 1 argument(s), got 0', '@has_role', /got 0/],
    ["date_diff(a, b, 'weeks')", "date_diff() unit 'weeks' is not supported. Valid units: days", "'weeks'", /unit/],
  ])('finds the place of a fault in %s', (code, refusal, place, message) => {
    const [fault] = faultsOf(code, refusal);
    expect(code.slice(fault?.from, fault?.to)).toBe(place);
    expect(fault?.message).toMatch(message);
    expect(fault?.message).not.toMatch(/at position|EOF/);
  });

  it('takes several faults apart', () => {
    const code = 'nope = foo(1)';
    const refusal =
      "Field 'nope' does not exist in collection. Available fields: a; Unknown function 'foo'. Supported functions: abs";
    expect(faultsOf(code, refusal).map(({ from, to }) => code.slice(from, to))).toEqual(['nope', 'foo']);
  });

  it('warns of values that a field never has', () => {
    const warned = (code: string) => typeWarnings(code, vocabulary).map(({ from, to }) => code.slice(from, to));
    expect(warned('hours = "many" && hours < "3" && open = "perhaps"')).toEqual(['"many"', '"perhaps"']);
    expect(warned('due > "tomorrow" || due > "2026-01-31"')).toEqual(['"tomorrow"']);
    expect(warned('hours IN (1, "x") && author.name = 3 && title = 1')).toEqual(['"x"']);
  });

  it('keeps callers out of computed fields', () => {
    expect(computedFaults('a + @request.auth.id')).toHaveLength(1);
    expect(computedFaults('a in (1)')).toHaveLength(1);
    expect(computedFaults('concat(a, "@in")')).toEqual([]);
  });
});

describe('rules in words', () => {
  const said = (code: string) => {
    const read = inWords(code);
    return (
      read &&
      sentence(read)
        .map(({ text, as }) => (as === 'code' ? `\`${text}\`` : text))
        .join('')
    );
  };

  it.each([
    ['true', 'they are signed in'],
    ['false', 'never'],
    ['created_by = @request.auth.id', 'they made it'],
    ['@request.auth.id = created_by', 'they made it'],
    ['@owns_record()', 'they made it'],
    ['@is_creator', 'they made it'],
    ['@owns_record("owner")', 'owner is their own user'],
    ['@owns_record(project.lead)', 'lead of project is their own user'],
    ['owner != @request.auth.id', 'owner is somebody else'],
    ['project.created_by = @request.auth.id', 'they made what project points to'],
    ['updated_by = @request.auth.id', 'they were the last to change it'],
    ['account_id = @request.auth.account_id', 'it belongs to their account'],
    ['@has_role("admin")', 'their role is “admin”'],
    ['@request.auth.role = "admin"', 'their role is “admin”'],
    ['@has_group("editors")', 'they are in the group “editors”'],
    ['@in_time_range(9, 17)', 'the hour is from 9 to 17 (UTC)'],
    ['@has_permission("read", "posts")', 'the rule for “read” of “posts” is open to them'],
    ['@is_public()', 'public is true'],
    ['@is_member(team)', '`@is_member(team)` says yes'],
    ['status = "done"', 'status is “done”'],
    ['"done" = status', 'status is “done”'],
    ['5 < hours', 'hours is above 5'],
    ['hours >= -1', 'hours is at least -1'],
    ['open = true', 'open is true'],
    ['open != true', 'open is false'],
    ['open', 'open is true'],
    ['due = null', 'due is empty'],
    ['due IS NOT NULL', 'due is filled'],
    ['due ?= null', 'due is empty'],
    ['status IN ("a", "b", "c")', 'status is one of “a”, “b” or “c”'],
    ['status NOT IN ("a")', 'status is none of “a”'],
    ['title ~ "%tea%"', 'title contains “tea”'],
    ['title ~ "tea%"', 'title begins with “tea”'],
    ['title ~ "%tea"', 'title ends with “tea”'],
    ['title !~ "%tea%"', 'title does not contain “tea”'],
    ['title ~ "t_a%"', 'title matches “t_a%”'],
    ['@request.auth.email ~ "%@example.com"', 'their e-mail address ends with “@example.com”'],
    ['title @@ "dark rye"', 'title has the words “dark rye”'],
    ['project.lead.name = "Ada"', 'name of lead of project is “Ada”'],
    ['@request.data.status = "x"', 'the sent status is “x”'],
    ['@request.data.status IS NULL', 'the sent status is empty'],
    ['length(title) > 3', 'the length of title is above 3'],
    ['due > now()', 'due is above the present time'],
    ['date_diff(now(), due, "days") > 2', 'the days from due to the present time is above 2'],
    ['hours * 2 > 4', '`hours * 2` is above 4'],
    ['coalesce(a, b) = 1', '`coalesce(a, b)` is 1'],
    ['!(a = 1)', 'it is not so that a is 1'],
    ['a = 1 && b = 2', 'a is 1 and b is 2'],
    ['a = 1 && (b = 2 || c = 3)', 'a is 1 and either b is 2 or c is 3'],
    ['a = 1 || b = 2 && c = 3', 'a is 1 or b is 2 and c is 3'],
    ['a = b', 'a is b'],
  ])('says %s', (code, words) => {
    expect(said(code)).toBe(words);
  });

  it('is silent about what it cannot read', () => {
    expect(inWords('a = ')).toBeNull();
  });
});
