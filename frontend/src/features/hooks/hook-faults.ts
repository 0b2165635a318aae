import { isHeaderRow } from '@/shared/automation/headers';
import { readObject } from '@/shared/automation/json-object';
import { t } from '@/shared/i18n';
import { type ActionDraft, isActionType } from './action-draft';
import type { HookDraft } from './hook-draft';

export interface DraftFault {
  path: (string | number)[];
  message: string;
}

const NAME_LENGTH = 200;
const CRON_FIELDS = 5;

type Said = [keyof ActionDraft, string | false];

const required = (value: string) => value.trim() === '' && t('error.required');
const object = (value: string) => readObject(value) === undefined && t('hooks.needsObject');

/** A URL that begins with a placeholder can be anything. */
function url(value: string): string | false {
  return required(value) || (!/^(https?:\/\/|\{\{)/i.test(value.trim()) && t('automation.urlForm'));
}

function delay(value: string): string | false {
  return value.trim() !== '' && !/^\d+$/.test(value.trim()) && t('hooks.delayForm');
}

function faultsIn(action: ActionDraft): Said[] {
  const record: Said[] = [
    ['collection', required(action.collection)],
    ['recordId', required(action.recordId)],
  ];
  switch (action.type) {
    case 'send_webhook':
      return [
        ['url', url(action.url)],
        ['headers', !action.headers.every(isHeaderRow) && t('automation.headerForm')],
      ];
    case 'send_email':
      if (action.mailFrom === 'text') return [['to', required(action.to)]];
      return [
        ['to', required(action.to)],
        ['template', required(action.template)],
        ['variables', object(action.variables)],
      ];
    case 'create_record':
      return [
        ['collection', required(action.collection)],
        ['data', object(action.data)],
      ];
    case 'update_record':
      return [...record, ['data', object(action.data)]];
    case 'delete_record':
      return record;
    case 'enqueue_job':
      return [
        ['handler', required(action.handler)],
        ['payload', object(action.payload)],
        ['delay', delay(action.delay)],
      ];
    default:
      return [['type', !isActionType(action.type) && t('hooks.unknownType')]];
  }
}

/** What the server would refuse, at its place in the form. */
export function draftFaults(draft: HookDraft): DraftFault[] {
  const name = required(draft.name) || (draft.name.trim().length > NAME_LENGTH && t('hooks.nameLength'));
  const fields = draft.cron.trim().split(/\s+/).filter(Boolean).length;
  const cron = draft.trigger === 'schedule' && fields !== CRON_FIELDS && t('hooks.cronFields');
  return [
    ...(name ? [{ path: ['name'], message: name }] : []),
    ...(cron ? [{ path: ['cron'], message: cron }] : []),
    ...draft.actions.flatMap((action, index) =>
      faultsIn(action).flatMap(([field, message]) => (message ? [{ path: ['actions', index, field], message }] : [])),
    ),
  ];
}
