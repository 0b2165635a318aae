import type { Hook, HookTrigger, JsonObject } from '@/shared/api/types';
import { type ActionDraft, actionBody, actionDraft } from './action-draft';

export const triggerTypes = ['event', 'schedule', 'manual'] as const;
export type TriggerType = (typeof triggerTypes)[number];

export const hookEvents = [
  'records.create',
  'records.update',
  'records.delete',
  'auth.login',
  'auth.register',
] as const;
export type HookEvent = (typeof hookEvents)[number];

/** A hook as its form holds it: what belongs to another trigger than the chosen one is kept, and not sent. */
export interface HookDraft {
  name: string;
  description: string;
  enabled: boolean;
  trigger: TriggerType;
  event: string;
  /** Empty: every collection. */
  collection: string;
  cron: string;
  condition: string;
  actions: ActionDraft[];
}

export interface HookBody {
  name: string;
  description: string;
  enabled: boolean;
  trigger: HookTrigger;
  condition: string;
  actions: JsonObject[];
}

/** Whether an event is about a record of a collection. */
export function isRecordEvent(event: string): boolean {
  return event.startsWith('records.');
}

/** The form of a stored hook, or of a new one. */
export function hookDraft(hook?: Hook): HookDraft {
  const trigger = hook?.trigger;
  return {
    name: hook?.name ?? '',
    description: hook?.description ?? '',
    enabled: hook?.enabled ?? true,
    trigger: trigger?.type ?? 'event',
    event: trigger?.type === 'event' ? trigger.event : 'records.create',
    collection: (trigger?.type === 'event' && trigger.collection) || '',
    cron: trigger?.type === 'schedule' ? trigger.cron : '0 9 * * *',
    condition: hook?.condition ?? '',
    actions: (hook?.actions ?? []).map(actionDraft),
  };
}

function triggerOf({ trigger, event, collection, cron }: HookDraft): HookTrigger {
  if (trigger === 'manual') return { type: 'manual' };
  if (trigger === 'schedule') return { type: 'schedule', cron: cron.trim() };
  const name = isRecordEvent(event) ? collection.trim() : '';
  return { type: 'event', event, ...(name && { collection: name }) };
}

/** What is sent to the server; a condition counts for events alone. */
export function hookBody(draft: HookDraft): HookBody {
  return {
    name: draft.name.trim(),
    description: draft.description.trim(),
    enabled: draft.enabled,
    trigger: triggerOf(draft),
    condition: draft.trigger === 'event' ? draft.condition.trim() : '',
    actions: draft.actions.map(actionBody),
  };
}
