import type { RuleClause } from '@/shared/api/types';

/** A clause with its parts, as they stand within each other. */
export interface ClauseNode {
  text: string;
  /** First character and the one after the last, in the rule's text. */
  start: number;
  end: number;
  /** Null where a value is missing. */
  result: boolean | null;
  /** Whether the rule came out as it did because of this clause. */
  deciding: boolean;
  parts: ClauseNode[];
}

function flat(clauses: RuleClause[]): RuleClause[] {
  return clauses.flatMap((clause) => [clause, ...flat(clause.clauses ?? [])]);
}

/** The clauses as a tree by where they stand: one within the bounds of another is its part. */
export function clauseTree(clauses: RuleClause[]): ClauseNode[] {
  const ordered = flat(clauses).sort((a, b) => a.start - b.start || b.end - a.end);
  const roots: ClauseNode[] = [];
  const around: ClauseNode[] = [];
  for (const { text, start, end, result } of ordered) {
    while (around.length > 0 && (around.at(-1)?.end ?? 0) <= start) around.pop();
    const outer = around.at(-1);
    if (outer && outer.start === start && outer.end === end) continue;
    const node: ClauseNode = { text, start, end, result, deciding: false, parts: [] };
    (outer?.parts ?? roots).push(node);
    around.push(node);
  }
  for (const root of roots) markDeciding(root);
  return roots;
}

/**
 * Follows a clause's result to the parts that gave it. Where parts differ, the first one that came out like the
 * whole settled it; where all agree, all of them did. A negation differs from its only part and decides itself.
 */
function markDeciding(node: ClauseNode) {
  const like = node.parts.filter((part) => part.result === node.result);
  if (like.length === 0) node.deciding = true;
  else if (like.length === node.parts.length) like.forEach(markDeciding);
  else markDeciding(like[0] as ClauseNode);
}

/** A stretch of the rule's text, within a clause that has no parts or between such clauses. */
export interface Stretch {
  text: string;
  clause: ClauseNode | null;
}

function leaves(nodes: ClauseNode[]): ClauseNode[] {
  return nodes.flatMap((node) => (node.parts.length > 0 ? leaves(node.parts) : [node]));
}

/** Cuts a rule's text at its innermost clauses. */
export function stretches(rule: string, tree: ClauseNode[]): Stretch[] {
  // The server counts characters, not the halves that JavaScript keeps some of them in.
  const characters = [...rule];
  const cut: Stretch[] = [];
  let at = 0;
  const add = (to: number, clause: ClauseNode | null) => {
    if (to > at) cut.push({ text: characters.slice(at, to).join(''), clause });
    at = Math.max(at, to);
  };
  for (const leaf of leaves(tree)) {
    add(leaf.start, null);
    add(leaf.end, leaf);
  }
  add(characters.length, null);
  return cut;
}
