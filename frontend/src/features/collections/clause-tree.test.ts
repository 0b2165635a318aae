import { describe, expect, it } from 'vitest';
import type { RuleClause } from '@/shared/api/types';
import { type ClauseNode, clauseTree, stretches } from './clause-tree';

const RULE = 'ok = true && (n > 3 || title = "x")';

function clause(text: string, result: boolean | null, clauses?: RuleClause[]): RuleClause {
  const start = RULE.indexOf(text);
  return { text, start, end: start + text.length, result, clauses };
}

const deciding = (nodes: ClauseNode[]): string[] =>
  nodes.flatMap((node) => [...(node.deciding ? [node.text] : []), ...deciding(node.parts)]);

describe('clauseTree', () => {
  const either = clause('n > 3 || title = "x"', false);
  const parts = [clause('n > 3', false), clause('title = "x"', null)];

  it('makes the same of nested and of flat clauses', () => {
    const nested = clauseTree([clause(RULE, false, [clause('ok = true', true), { ...either, clauses: parts }])]);
    const flat = clauseTree([either, clause(RULE, false), ...parts, clause('ok = true', true)]);
    expect(flat).toEqual(nested);
    expect(nested[0]?.parts.map((part) => part.text)).toEqual(['ok = true', 'n > 3 || title = "x"']);
    expect(nested[0]?.parts[1]?.parts).toHaveLength(2);
  });

  it('follows a denial to the operand that denied', () => {
    expect(
      deciding(clauseTree([clause(RULE, false), clause('ok = true', false), { ...either, result: true }])),
    ).toEqual(['ok = true']);
  });

  it('names all operands when all of them were needed', () => {
    const all = [clause(RULE, true), clause('ok = true', true), { ...either, result: true }];
    expect(deciding(clauseTree([...all, clause('n > 3', false), clause('title = "x"', true)]))).toEqual([
      'ok = true',
      'title = "x"',
    ]);
  });

  it('lets a negation decide itself', () => {
    const tree = clauseTree([
      { text: '!a = 1', start: 0, end: 6, result: false },
      { text: 'a = 1', start: 1, end: 6, result: true },
    ]);
    expect(deciding(tree)).toEqual(['!a = 1']);
  });
});

describe('stretches', () => {
  it('cuts the text at the innermost clauses', () => {
    const tree = clauseTree([clause(RULE, true), clause('ok = true', true), clause('n > 3', true)]);
    expect(stretches(RULE, tree).map(({ text, clause: at }) => [text, at?.text ?? null])).toEqual([
      ['ok = true', 'ok = true'],
      [' && (', null],
      ['n > 3', 'n > 3'],
      [' || title = "x")', null],
    ]);
  });

  it('counts characters beyond the basic plane once', () => {
    const tree = clauseTree([{ text: 'a = "😀"', start: 0, end: 7, result: true }]);
    expect(stretches('a = "😀" ', tree).map(({ text }) => text)).toEqual(['a = "😀"', ' ']);
  });
});
