import { z } from 'zod/mini';
import type { Collection, RuleTest, User } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import { operations } from './rule-draft';

/** What a test is about, as its form holds it. */
export interface RuleTestDraft {
  operation: (typeof operations)[number];
  caller: 'user' | 'anonymous';
  user: Pick<User, 'id' | 'email'> | null;
  /** Code of the account that an anonymous caller names. */
  account: string;
  subject: 'stored' | 'draft';
  recordId: string;
  /** A record that is not stored, as JSON. */
  record: string;
  /** What is sent, as JSON. */
  data: string;
}

/** Whether the operation is about a record that is there already. */
export const looksAtRecord = (operation: RuleTestDraft['operation']) => operation !== 'create';
/** Whether the operation sends values. */
export const sendsData = (operation: RuleTestDraft['operation']) => operation === 'create' || operation === 'update';

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** The form's values, checked. */
export const ruleTestDraft = z
  .object({
    operation: z.enum(operations),
    caller: z.enum(['user', 'anonymous']),
    user: z.nullable(z.object({ id: z.string(), email: z.string() })),
    account: z.string(),
    subject: z.enum(['stored', 'draft']),
    recordId: z.string(),
    record: z.string(),
    data: z.string(),
  })
  .check(
    z.check((context) => {
      const draft = context.value;
      const fault = (key: keyof RuleTestDraft, message: string) =>
        context.issues.push({ code: 'custom', input: draft[key], path: [key], message });
      if (draft.caller === 'user' && !draft.user) fault('user', t('ruleTest.needsUser'));
      if (draft.caller === 'anonymous' && !draft.account) fault('account', t('ruleTest.needsAccount'));
      if (looksAtRecord(draft.operation)) {
        if (draft.subject === 'stored' && draft.recordId.trim() === '') fault('recordId', t('ruleTest.needsRecord'));
        if (draft.subject === 'draft' && !parseObject(draft.record)) fault('record', t('ruleTest.needsObject'));
      }
      if (sendsData(draft.operation) && !parseObject(draft.data)) fault('data', t('ruleTest.needsObject'));
    }),
  );

/** The call for a checked form. `rule` stands in for the stored one, so does the check of updates. */
export function ruleTestOf(draft: RuleTestDraft, rule?: string, updateCheck?: string): RuleTest {
  return {
    operation: draft.operation,
    as: draft.caller === 'user' ? { user_id: draft.user?.id ?? '' } : { anonymous: true, account: draft.account },
    ...(looksAtRecord(draft.operation) &&
      (draft.subject === 'stored'
        ? { record_id: draft.recordId.trim() }
        : { record: parseObject(draft.record) ?? {} })),
    ...(sendsData(draft.operation) && { data: parseObject(draft.data) ?? {} }),
    ...(rule !== undefined && { rule }),
    ...(draft.operation === 'update' && updateCheck !== undefined && { update_check_rule: updateCheck }),
  };
}

/** A record to begin a draft with: every stored field, empty. */
export function emptyRecord({ schema }: Pick<Collection, 'schema'>): string {
  const fields = schema.filter((field) => field.type !== 'computed');
  return JSON.stringify(
    Object.fromEntries(fields.map((field) => [field.name, (field.default as unknown) ?? null])),
    null,
    2,
  );
}
