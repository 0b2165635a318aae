import type { CollectionRules, CollectionRulesUpdate } from '@/shared/api/types';

export const operations = ['list', 'view', 'create', 'update', 'delete'] as const;
export type Operation = (typeof operations)[number];

/** Locked for all but superadmins, open to everybody, or decided by an expression. */
export type RuleMode = 'locked' | 'public' | 'custom';

export interface RuleDraft {
  mode: RuleMode;
  /** Kept while another mode is chosen, so that trying one out loses nothing. */
  expression: string;
}

export type RuleDrafts = Record<Operation, RuleDraft>;

/** Null is locked, the empty text public, anything else an expression. */
export function ruleDraft(rule: string | null): RuleDraft {
  if (rule === null) return { mode: 'locked', expression: '' };
  return rule === '' ? { mode: 'public', expression: '' } : { mode: 'custom', expression: rule };
}

export function ruleDrafts(rules: CollectionRules): RuleDrafts {
  return {
    list: ruleDraft(rules.list_rule),
    view: ruleDraft(rules.view_rule),
    create: ruleDraft(rules.create_rule),
    update: ruleDraft(rules.update_rule),
    delete: ruleDraft(rules.delete_rule),
  };
}

function ruleText({ mode, expression }: RuleDraft): string | null {
  if (mode === 'locked') return null;
  return mode === 'public' ? '' : expression.trim();
}

/** The five rules in the API's form. */
export function rulesUpdate(drafts: RuleDrafts): CollectionRulesUpdate {
  return {
    list_rule: ruleText(drafts.list),
    view_rule: ruleText(drafts.view),
    create_rule: ruleText(drafts.create),
    update_rule: ruleText(drafts.update),
    delete_rule: ruleText(drafts.delete),
  };
}

/** The operation a refusal such as `Invalid list_rule: …` is about, with the rest of its text. */
export function ruleFault(message: string): { operation: Operation; message: string } | null {
  const match = /^Invalid (list|view|create|update|delete)_rule: (.*)$/s.exec(message);
  return match ? { operation: match[1] as Operation, message: match[2] ?? '' } : null;
}
