import { describe, expect, it } from 'vitest';
import type { CollectionRules } from '@/shared/api/types';
import { ruleDrafts, ruleFault, rulesUpdate } from './rule-draft';

const stored = {
  list_rule: '',
  view_rule: null,
  create_rule: 'created_by = @request.auth.id',
  update_rule: null,
  delete_rule: '',
};

describe('rules', () => {
  it('come back as they were', () => {
    expect(rulesUpdate(ruleDrafts(stored as CollectionRules), false)).toEqual(stored);
  });

  it('name the check of updates where the server knows it', () => {
    const drafts = ruleDrafts({ ...stored, update_check_rule: ' n > 0 ' } as CollectionRules);
    expect(rulesUpdate(drafts, true)).toMatchObject({ update_check_rule: 'n > 0' });
    expect(rulesUpdate({ ...drafts, updateCheck: ' ' }, true)).toMatchObject({ update_check_rule: null });
  });

  it('an expression that is not in use is not sent', () => {
    const locked = { mode: 'locked', expression: 'a = 1' } as const;
    const drafts = {
      list: locked,
      view: { ...locked, mode: 'public' },
      create: locked,
      update: locked,
      delete: locked,
      updateCheck: '',
    } as const;
    expect(rulesUpdate(drafts, false)).toMatchObject({ list_rule: null, view_rule: '' });
  });

  it('finds the operation a refusal is about', () => {
    expect(ruleFault('Invalid list_rule: Unexpected token: EOF at position 4')).toEqual({
      control: 'list.expression',
      message: 'Unexpected token: EOF at position 4',
    });
    expect(ruleFault('Invalid update_check_rule: x')?.control).toBe('updateCheck');
    expect(ruleFault("Collection 'x' not found")).toBeNull();
  });
});
