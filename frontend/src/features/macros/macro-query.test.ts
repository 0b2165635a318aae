import { describe, expect, it } from 'vitest';
import { callOf, parametersIn, readParameters } from './macro-query';

describe('parametersIn', () => {
  it('finds each name once, in order', () => {
    expect(parametersIn('SELECT :b FROM col_posts WHERE id = :a AND title = :b')).toEqual(['b', 'a']);
  });

  it('leaves out texts, quoted names, comments and casts', () => {
    const query = `SELECT 'at 10:30 o''clock :no', "a:no" -- :no\n /* :no */ , id::text FROM col_posts WHERE id = :yes`;
    expect(parametersIn(query)).toEqual(['yes']);
  });
});

describe('readParameters', () => {
  it('takes commas and blanks', () => {
    expect(readParameters(' user_id,  day\nhour,')).toEqual(['user_id', 'day', 'hour']);
    expect(readParameters(' ')).toEqual([]);
  });
});

describe('callOf', () => {
  it('writes the call of a rule', () => {
    expect(callOf('is_editor', [])).toBe('@is_editor()');
    expect(callOf('may', ['a', 'b'])).toBe('@may(a, b)');
  });
});
