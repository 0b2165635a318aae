import type { RuleClause } from '@/shared/api/types';

/** A stretch of the rule's text: a clause that has no parts, or what stands between such clauses. */
export interface Stretch {
  text: string;
  clause: RuleClause | null;
}

function leaves(clauses: RuleClause[]): RuleClause[] {
  return clauses.flatMap((clause) => (clause.clauses.length > 0 ? leaves(clause.clauses) : [clause]));
}

/** Cuts a rule's text at its innermost clauses. */
export function stretches(rule: string, clauses: RuleClause[]): Stretch[] {
  // The server counts characters, not the halves that JavaScript keeps some of them in.
  const characters = [...rule];
  const cut: Stretch[] = [];
  let at = 0;
  const add = (to: number, clause: RuleClause | null) => {
    if (to > at) cut.push({ text: characters.slice(at, to).join(''), clause });
    at = Math.max(at, to);
  };
  for (const leaf of leaves(clauses)) {
    add(leaf.start, null);
    add(leaf.end, leaf);
  }
  add(characters.length, null);
  return cut;
}
