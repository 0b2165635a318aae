import { describe, expect, it } from 'vitest';
import { type RuleTestDraft, ruleTestDraft, ruleTestOf } from './rule-test-draft';

const draft: RuleTestDraft = {
  operation: 'view',
  caller: 'user',
  user: { id: 'u1', email: 'mia@example.com' },
  account: '',
  subject: 'stored',
  recordId: ' r1 ',
  record: '',
  data: '{',
};
const faults = (value: RuleTestDraft) =>
  ruleTestDraft.safeParse(value).error?.issues.map((issue) => issue.path.join('.')) ?? [];

describe('ruleTestDraft', () => {
  it('asks only for what the operation needs', () => {
    expect(faults(draft)).toEqual([]);
    expect(faults({ ...draft, operation: 'update' })).toEqual(['data']);
    expect(faults({ ...draft, operation: 'create', recordId: '' })).toEqual(['data']);
    expect(faults({ ...draft, user: null, recordId: '' })).toEqual(['user', 'recordId']);
    expect(faults({ ...draft, caller: 'anonymous', subject: 'draft', record: '[]' })).toEqual(['account', 'record']);
  });
});

describe('ruleTestOf', () => {
  it('names a stored record and a user', () => {
    expect(ruleTestOf(draft)).toEqual({ operation: 'view', as: { user_id: 'u1' }, record_id: 'r1' });
  });

  it('sends a draft, the values, an anonymous caller and an unsaved rule', () => {
    const test = { ...draft, operation: 'update', caller: 'anonymous', account: 'AB1234', subject: 'draft' } as const;
    expect(ruleTestOf({ ...test, record: '{"n":1}', data: '{"n":2}' }, 'n = 1')).toEqual({
      operation: 'update',
      as: { anonymous: true, account: 'AB1234' },
      record: { n: 1 },
      data: { n: 2 },
      rule: 'n = 1',
    });
  });

  it('sends the check of updates with updates only', () => {
    const update = { ...draft, operation: 'update', data: '{}' } as const;
    expect(ruleTestOf(update, undefined, 'n > 1')).toMatchObject({ update_check_rule: 'n > 1' });
    expect(ruleTestOf(draft, undefined, 'n > 1')).not.toHaveProperty('update_check_rule');
    expect(ruleTestOf(update)).not.toHaveProperty('update_check_rule');
  });
});
