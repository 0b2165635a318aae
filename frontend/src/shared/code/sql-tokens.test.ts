import { expect, it } from 'vitest';
import { sqlTokens } from './sql-tokens';

const kinds = (code: string) => sqlTokens(code).map(({ kind, text }) => `${kind} ${text}`);

it('tells words, calls and parameters of a query apart', () => {
  expect(kinds("SELECT count(*) FROM col_x WHERE a = :team AND b::text = 'it''s' -- all")).toEqual([
    'keyword SELECT',
    'function count',
    'punctuation (',
    'operator *',
    'punctuation )',
    'keyword FROM',
    'field col_x',
    'keyword WHERE',
    'field a',
    'operator =',
    'variable :team',
    'keyword AND',
    'field b',
    'operator ::',
    'field text',
    'operator =',
    "text 'it''s'",
    'comment -- all',
  ]);
});

it('goes on behind what it does not know', () => {
  expect(kinds('a ? "b c" /* open')).toEqual(['field a', 'field "b c"', 'comment /* open']);
});
