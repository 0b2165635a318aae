import type { HookTrigger } from '@/shared/api/types';
import { type MessageKey, t } from '@/shared/i18n';
import { type ActionType, isActionType } from './action-draft';
import { type HookEvent, hookEvents, isRecordEvent } from './hook-draft';

const events: Record<HookEvent, MessageKey> = {
  'records.create': 'hooks.events.created',
  'records.update': 'hooks.events.updated',
  'records.delete': 'hooks.events.deleted',
  'auth.login': 'hooks.events.signedIn',
  'auth.register': 'hooks.events.registered',
};

const actions: Record<ActionType, MessageKey> = {
  send_webhook: 'hooks.types.webhook',
  send_email: 'hooks.types.email',
  create_record: 'hooks.types.create',
  update_record: 'hooks.types.update',
  delete_record: 'hooks.types.delete',
  enqueue_job: 'hooks.types.job',
};

/** An event for people; one that this UI does not know is shown as it is. */
export function eventWords(event: string): string {
  const known = hookEvents.find((one) => one === event);
  return known ? t(events[known]) : event;
}

/** What an action does, for people. */
export function actionWords(type: string): string {
  return isActionType(type) ? t(actions[type]) : type;
}

/** When a hook runs, in a few words; `schedule` is what the server says of its cron expression. */
export function triggerWords(trigger: HookTrigger, schedule: string | null): string {
  if (trigger.type === 'manual') return t('hooks.triggers.manual');
  if (trigger.type === 'schedule') return schedule ?? trigger.cron;
  if (!isRecordEvent(trigger.event)) return eventWords(trigger.event);
  const collection = trigger.collection ?? t('hooks.anyCollection');
  return t('hooks.eventIn', { event: eventWords(trigger.event), collection });
}
