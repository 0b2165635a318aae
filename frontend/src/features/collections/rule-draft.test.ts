import { describe, expect, it } from 'vitest';
import type { CollectionRules } from '@/shared/api/types';
import { ruleDrafts, ruleFault, rulesUpdate } from './rule-draft';

describe('rules', () => {
  it('come back as they were', () => {
    const rules = {
      list_rule: '',
      view_rule: null,
      create_rule: 'created_by = @request.auth.id',
      update_rule: null,
      delete_rule: '',
    };
    expect(rulesUpdate(ruleDrafts(rules as CollectionRules))).toEqual(rules);
  });

  it('an expression that is not in use is not sent', () => {
    const locked = { mode: 'locked', expression: 'a = 1' } as const;
    const drafts = {
      list: locked,
      view: { ...locked, mode: 'public' },
      create: locked,
      update: locked,
      delete: locked,
    } as const;
    expect(rulesUpdate(drafts)).toMatchObject({ list_rule: null, view_rule: '' });
  });

  it('finds the operation a refusal is about', () => {
    expect(ruleFault('Invalid list_rule: Unexpected token: EOF at position 4')).toEqual({
      operation: 'list',
      message: 'Unexpected token: EOF at position 4',
    });
    expect(ruleFault("Collection 'x' not found")).toBeNull();
  });
});
