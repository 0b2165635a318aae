import type { JsonObject } from '@/shared/api/types';
import { type HeaderRow, headerRows, headersOf } from '@/shared/automation/headers';
import { isJsonObject, objectText, readObject } from '@/shared/automation/json-object';

export const actionTypes = [
  'send_webhook',
  'send_email',
  'create_record',
  'update_record',
  'delete_record',
  'enqueue_job',
] as const;
export type ActionType = (typeof actionTypes)[number];

export const methods = ['POST', 'PUT', 'PATCH', 'GET', 'DELETE'] as const;

/** An action as its card holds it: the parameters of all types, so that another choice of type loses nothing. */
export interface ActionDraft {
  type: string;
  url: string;
  method: string;
  headers: HeaderRow[];
  bodyTemplate: string;
  /** The body was stored as an object or a list, and stays one. */
  bodyIsJson: boolean;
  to: string;
  subject: string;
  mailFrom: 'text' | 'template';
  body: string;
  template: string;
  variables: string;
  collection: string;
  recordId: string;
  data: string;
  handler: string;
  payload: string;
  queue: string;
  delay: string;
  /** Parameters that have no control; they are kept. */
  rest: JsonObject;
}

/** The parameters of each type, in the API's names. */
const parameters: Record<ActionType, readonly string[]> = {
  send_webhook: ['url', 'method', 'headers', 'body_template'],
  send_email: ['to', 'subject', 'body', 'template_id', 'variables'],
  create_record: ['collection', 'data'],
  update_record: ['collection', 'record_id', 'data'],
  delete_record: ['collection', 'record_id'],
  enqueue_job: ['handler', 'payload', 'queue', 'delay_seconds'],
};

export function isActionType(type: string): type is ActionType {
  return actionTypes.some((known) => known === type);
}

const text = (value: unknown): string => {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** The card of a stored action. */
export function actionDraft(action: JsonObject): ActionDraft {
  const type = text(action.type);
  const known = isActionType(type) ? parameters[type] : [];
  const bodyIsJson = typeof action.body_template === 'object' && action.body_template !== null;
  return {
    type,
    url: text(action.url),
    method: text(action.method).toUpperCase() || 'POST',
    headers: headerRows(action.headers),
    bodyTemplate: bodyIsJson ? JSON.stringify(action.body_template, null, 2) : text(action.body_template),
    bodyIsJson,
    to: text(action.to),
    subject: text(action.subject),
    mailFrom: text(action.template_id) === '' ? 'text' : 'template',
    body: text(action.body),
    template: text(action.template_id),
    variables: objectText(action.variables),
    collection: text(action.collection),
    recordId: text(action.record_id),
    data: objectText(action.data),
    handler: text(action.handler),
    payload: objectText(action.payload),
    queue: text(action.queue),
    delay: text(action.delay_seconds),
    rest: Object.fromEntries(Object.entries(action).filter(([name]) => name !== 'type' && !known.includes(name))),
  };
}

export function newAction(type: ActionType): ActionDraft {
  return actionDraft({ type });
}

/** A body that was an object or a list stays one as long as its text says so. */
function bodyOf({ bodyTemplate, bodyIsJson }: ActionDraft): unknown {
  if (!bodyIsJson) return bodyTemplate;
  try {
    const value: unknown = JSON.parse(bodyTemplate);
    return isJsonObject(value) || Array.isArray(value) ? value : bodyTemplate;
  } catch {
    return bodyTemplate;
  }
}

function mailBody(draft: ActionDraft): JsonObject {
  const subject = draft.subject.trim();
  if (draft.mailFrom === 'text') return { ...(subject && { subject }), ...(draft.body && { body: draft.body }) };
  const variables = readObject(draft.variables) ?? {};
  return {
    ...(subject && { subject }),
    template_id: draft.template.trim(),
    ...(Object.keys(variables).length > 0 && { variables }),
  };
}

function parametersOf(draft: ActionDraft): JsonObject {
  const record = { collection: draft.collection.trim(), record_id: draft.recordId.trim() };
  switch (draft.type) {
    case 'send_webhook': {
      const headers = headersOf(draft.headers);
      return {
        url: draft.url.trim(),
        method: draft.method,
        ...(Object.keys(headers).length > 0 && { headers }),
        ...(draft.bodyTemplate.trim() && { body_template: bodyOf(draft) }),
      };
    }
    case 'send_email':
      return { to: draft.to.trim(), ...mailBody(draft) };
    case 'create_record':
      return { collection: record.collection, data: readObject(draft.data) ?? {} };
    case 'update_record':
      return { ...record, data: readObject(draft.data) ?? {} };
    case 'delete_record':
      return record;
    case 'enqueue_job':
      return {
        handler: draft.handler.trim(),
        payload: readObject(draft.payload) ?? {},
        ...(draft.queue.trim() && { queue: draft.queue.trim() }),
        ...(draft.delay.trim() && { delay_seconds: Number(draft.delay) }),
      };
    default:
      return {};
  }
}

/** What the server stores of an action. */
export function actionBody(draft: ActionDraft): JsonObject {
  return { type: draft.type, ...parametersOf(draft), ...draft.rest };
}
