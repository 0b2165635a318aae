import type { NewWebhook, Webhook } from '@/shared/api/types';
import { type HeaderRow, headerRows, headersOf, isHeaderRow } from '@/shared/automation/headers';
import { t } from '@/shared/i18n';

export const webhookEvents = ['create', 'update', 'delete'] as const;
export type WebhookEvent = (typeof webhookEvents)[number];

const SECRET_LENGTH = 100;

/** A webhook as its form holds it. */
export interface WebhookDraft {
  url: string;
  collection: string;
  events: WebhookEvent[];
  filter: string;
  headers: HeaderRow[];
  /** Only a new one is given a secret. */
  secret: string;
  enabled: boolean;
}

export function webhookDraft(webhook?: Webhook): WebhookDraft {
  return {
    url: webhook?.url ?? '',
    collection: webhook?.collection ?? '',
    events: webhookEvents.filter((event) => webhook?.events.includes(event) ?? true),
    filter: webhook?.filter ?? '',
    headers: headerRows(webhook?.headers),
    secret: '',
    enabled: webhook?.enabled ?? true,
  };
}

/** What is sent of a new webhook, or to change one. */
export function webhookBody(draft: WebhookDraft): NewWebhook {
  return {
    url: draft.url.trim(),
    collection: draft.collection.trim(),
    events: draft.events,
    filter: draft.filter.trim(),
    headers: headersOf(draft.headers),
    enabled: draft.enabled,
    ...(draft.secret && { secret: draft.secret }),
  };
}

/** What the server would refuse, by field. */
export function webhookFaults(draft: WebhookDraft): [keyof WebhookDraft, string][] {
  const checks: [keyof WebhookDraft, boolean, string][] = [
    ['url', /^https?:\/\/\S+$/i.test(draft.url.trim()), t('automation.urlForm')],
    ['collection', draft.collection.trim() !== '', t('error.required')],
    ['events', draft.events.length > 0, t('webhooks.eventsNeeded')],
    ['headers', draft.headers.every(isHeaderRow), t('automation.headerForm')],
    ['secret', draft.secret.length <= SECRET_LENGTH, t('webhooks.secretLength')],
  ];
  return checks.flatMap(([field, holds, message]) => (holds ? [] : [[field, message]]));
}

/** A program that checks the signature of a delivery, for receivers in Node.js. */
export const verification = `import { createHmac, timingSafeEqual } from 'node:crypto';

/** body: the raw bytes; signature: the header X-SnackBase-Signature. */
export function isGenuine(body, signature, secret) {
  const wanted = 'sha256=' + createHmac('sha256', secret).update(body).digest('hex');
  const [a, b] = [Buffer.from(signature), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}`;
