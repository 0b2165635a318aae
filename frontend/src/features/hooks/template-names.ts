import type { HookDraft } from './hook-draft';
import { isRecordEvent } from './hook-draft';

const always = ['auth.user_id', 'auth.email', 'auth.account_id', 'now'];
const signIn = ['user_id', 'email', 'account_id', 'role', 'provider', 'ip_address', 'user_agent'];

/** The names that `{{ }}` can hold in the actions of a hook. */
export function templateNames({ trigger, event }: Pick<HookDraft, 'trigger' | 'event'>, fields: string[]): string[] {
  const record = (names: string[]) => names.map((name) => `record.${name}`);
  if (trigger === 'event') return [...record(isRecordEvent(event) ? fields : signIn), ...always];
  // What a schedule or a person sets off has no acting user.
  return ['auth.account_id', 'now'];
}
