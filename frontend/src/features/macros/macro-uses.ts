import type { ExportedCollection } from '@/shared/api/types';
import { tokensOf } from '@/shared/expressions/tokens';

/** A rule that calls a macro. */
export interface MacroUse {
  collection: string;
  /** Key of the rule, e.g. `list_rule`. */
  rule: string;
}

type Ruled = Pick<ExportedCollection, 'name'> & { rules: object };

/** The rules that call the macro of that name. */
export function macroUses(name: string, collections: readonly Ruled[]): MacroUse[] {
  const calls = (rule: unknown) =>
    typeof rule === 'string' && tokensOf(rule).some(({ kind, text }) => kind === 'macro' && text === `@${name}`);
  return collections.flatMap((collection) =>
    Object.entries(collection.rules)
      .filter(([key, rule]) => key.endsWith('_rule') && calls(rule))
      .map(([rule]) => ({ collection: collection.name, rule })),
  );
}
