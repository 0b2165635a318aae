import type { NewCollection } from '@/shared/api/types';
import type { CollectionTemplate } from './collection-templates';
import { type Operation, operations } from './rule-draft';

/** Rules that a new collection can begin with. */
export const startRules = ['template', 'locked', 'owner', 'everybody'] as const;
export type StartRules = (typeof startRules)[number];

const OWNER = 'created_by = @request.auth.id';

/** The rule of each operation; null is locked. */
export function rulesToStart(
  choice: StartRules,
  template: CollectionTemplate | undefined,
): Record<Operation, string | null> {
  if (choice === 'template' && template) return template.rules;
  const of = (rule: (operation: Operation) => string | null) =>
    Object.fromEntries(operations.map((operation) => [operation, rule(operation)])) as Record<Operation, string | null>;
  if (choice === 'owner') return of((operation) => (operation === 'create' ? 'true' : OWNER));
  if (choice === 'everybody') {
    return of((operation) => (operation === 'update' || operation === 'delete' ? OWNER : 'true'));
  }
  return of(() => null);
}

type RuleKeys = Pick<NewCollection, 'list_rule' | 'view_rule' | 'create_rule' | 'update_rule' | 'delete_rule'>;

/** The rules in the form of the API. */
export function rulesInput(rules: Record<Operation, string | null>): RuleKeys {
  return {
    list_rule: rules.list,
    view_rule: rules.view,
    create_rule: rules.create,
    update_rule: rules.update,
    delete_rule: rules.delete,
  };
}
