import { describe, expect, it } from 'vitest';
import type { RuleClause } from '@/shared/api/types';
import { stretches } from './rule-stretches';

function clause(rule: string, text: string, clauses: RuleClause[] = []): RuleClause {
  const start = [...rule.slice(0, rule.indexOf(text))].length;
  const join = clauses.length > 0 ? 'or' : null;
  return { text, start, end: start + [...text].length, result: true, decisive: false, join, clauses };
}

const cut = (rule: string, clauses: RuleClause[]) =>
  stretches(rule, clauses).map(({ text, clause: at }) => [text, at?.text ?? null]);

describe('stretches', () => {
  it('cuts the text at the innermost clauses', () => {
    const rule = 'ok = true && (n > 3 || title = "x")';
    const either = clause(rule, 'n > 3 || title = "x"', [clause(rule, 'n > 3'), clause(rule, 'title = "x"')]);
    expect(cut(rule, [clause(rule, 'ok = true'), either])).toEqual([
      ['ok = true', 'ok = true'],
      [' && (', null],
      ['n > 3', 'n > 3'],
      [' || ', null],
      ['title = "x"', 'title = "x"'],
      [')', null],
    ]);
  });

  it('takes a rule without clauses as one stretch', () => {
    expect(cut('a = 1', [])).toEqual([['a = 1', null]]);
  });

  it('counts characters beyond the basic plane once', () => {
    const rule = 'a = "😀" && b = 1';
    expect(cut(rule, [clause(rule, 'a = "😀"'), clause(rule, 'b = 1')])).toEqual([
      ['a = "😀"', 'a = "😀"'],
      [' && ', null],
      ['b = 1', 'b = 1'],
    ]);
  });
});
