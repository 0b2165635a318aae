import { describe, expect, it } from 'vitest';
import type { CollectionRules } from '@/shared/api/types';
import { fieldAccess, type RuleDrafts, ruleDrafts, ruleFault, rulesUpdate } from './rule-draft';

const stored = {
  list_rule: '',
  view_rule: null,
  create_rule: 'created_by = @request.auth.id',
  update_rule: null,
  delete_rule: '',
  list_fields: '*',
  view_fields: '["title"]',
  create_fields: '*',
  update_fields: '[]',
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
      ...ruleDrafts(stored as CollectionRules),
      list: locked,
      view: { ...locked, mode: 'public' as const },
      create: locked,
      update: locked,
      delete: locked,
      updateCheck: '',
    } satisfies RuleDrafts;
    expect(rulesUpdate(drafts, false)).toMatchObject({ list_rule: null, view_rule: '' });
  });

  it('reads which fields an operation is about', () => {
    expect(fieldAccess('*')).toEqual({ all: true, names: [] });
    expect(fieldAccess('["a","b"]')).toEqual({ all: false, names: ['a', 'b'] });
    expect(fieldAccess('[]')).toEqual({ all: false, names: [] });
    expect(fieldAccess('nonsense')).toEqual({ all: true, names: [] });
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
