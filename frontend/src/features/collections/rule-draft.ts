import type { CollectionRules, CollectionRulesUpdate } from '@/shared/api/types';

export const operations = ['list', 'view', 'create', 'update', 'delete'] as const;
export type Operation = (typeof operations)[number];

/** Where a rule stands: at an operation, or as the check of changed records. */
export type RuleSlot = Operation | 'updateCheck';

/** Operations whose fields can be narrowed. */
export const narrowable = ['list', 'view', 'create', 'update'] as const;
export type Narrowable = (typeof narrowable)[number];

export const isNarrowable = (operation: Operation): operation is Narrowable =>
  (narrowable as readonly string[]).includes(operation);

/** Locked for all but superadmins, open to everybody, or decided by an expression. */
export type RuleMode = 'locked' | 'public' | 'custom';

export interface RuleDraft {
  mode: RuleMode;
  /** Kept while another mode is chosen, so that trying one out loses nothing. */
  expression: string;
}

/** The fields that an operation is about. */
export interface FieldAccess {
  all: boolean;
  /** Kept while all are chosen. */
  names: string[];
}

export type RuleDrafts = Record<Operation, RuleDraft> & {
  /** What a record must satisfy after an update; empty for no check. */
  updateCheck: string;
  fields: Record<Narrowable, FieldAccess>;
};

/** Null is locked, the empty text public, anything else an expression. */
export function ruleDraft(rule: string | null): RuleDraft {
  if (rule === null) return { mode: 'locked', expression: '' };
  return rule === '' ? { mode: 'public', expression: '' } : { mode: 'custom', expression: rule };
}

/** Reads `*` or a JSON array of names. */
export function fieldAccess(stored: string): FieldAccess {
  if (stored === '*') return { all: true, names: [] };
  try {
    const names: unknown = JSON.parse(stored);
    if (Array.isArray(names)) return { all: false, names: names.filter((name) => typeof name === 'string') };
  } catch {
    // The server stores nothing of that kind.
  }
  return { all: true, names: [] };
}

const accessText = ({ all, names }: FieldAccess) => (all ? '*' : JSON.stringify(names));

export function ruleDrafts(rules: CollectionRules): RuleDrafts {
  return {
    list: ruleDraft(rules.list_rule),
    view: ruleDraft(rules.view_rule),
    create: ruleDraft(rules.create_rule),
    update: ruleDraft(rules.update_rule),
    delete: ruleDraft(rules.delete_rule),
    updateCheck: rules.update_check_rule ?? '',
    fields: {
      list: fieldAccess(rules.list_fields),
      view: fieldAccess(rules.view_fields),
      create: fieldAccess(rules.create_fields),
      update: fieldAccess(rules.update_fields),
    },
  };
}

function ruleText({ mode, expression }: RuleDraft): string | null {
  if (mode === 'locked') return null;
  return mode === 'public' ? '' : expression.trim();
}

/** The rules in the API's form; the check of updates only where the server knows it. */
export function rulesUpdate(drafts: RuleDrafts, knowsCheck: boolean): CollectionRulesUpdate {
  return {
    list_rule: ruleText(drafts.list),
    view_rule: ruleText(drafts.view),
    create_rule: ruleText(drafts.create),
    update_rule: ruleText(drafts.update),
    delete_rule: ruleText(drafts.delete),
    list_fields: accessText(drafts.fields.list),
    view_fields: accessText(drafts.fields.view),
    create_fields: accessText(drafts.fields.create),
    update_fields: accessText(drafts.fields.update),
    ...(knowsCheck && { update_check_rule: drafts.updateCheck.trim() || null }),
  };
}

/** The control that a refusal such as `Invalid list_rule: …` is about, with the rest of its text. */
export function ruleFault(
  message: string,
): { control: `${Operation}.expression` | 'updateCheck'; message: string } | null {
  const match = /^Invalid (list|view|create|update|delete|update_check)_rule: (.*)$/s.exec(message);
  if (!match) return null;
  const control = match[1] === 'update_check' ? 'updateCheck' : (`${match[1] as Operation}.expression` as const);
  return { control, message: match[2] ?? '' };
}
