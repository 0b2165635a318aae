import { type MessageKey, t } from '@/shared/i18n';

/** What a line of the log is about. */
export const kinds = ['change', 'channel', 'reply', 'heartbeat', 'error', 'sent', 'state'] as const;
export type Kind = (typeof kinds)[number];

/** A message of the protocol. */
export type Message = Record<string, unknown>;

/** A line of the log. */
export interface Entry {
  /** From 1, in the order in which it happened. */
  number: number;
  /** Milliseconds since the epoch. */
  at: number;
  kind: Kind;
  /** The message's type, or what stands for it. */
  title: string;
  /** What came or went; absent where the line is about the connection itself. */
  message?: Message;
}

const text = (value: unknown) => (typeof value === 'string' ? value : '');

/** What a message that came is about. */
export function kindOf(message: Message): Kind {
  const type = text(message.type);
  if (message.error !== undefined) return 'error';
  if (type === 'heartbeat' || type === 'pong') return 'heartbeat';
  if (type.startsWith('presence.') || type === 'broadcast') return 'channel';
  if (/\.(create|update|delete)$/.test(type)) return 'change';
  return 'reply';
}

/** A word for a message that came. */
export function titleOf(message: Message): string {
  return text(message.error) || text(message.type) || text(message.status) || t('realtime.message');
}

/** What a message is about beyond its type: a record, a channel, a collection. */
export function subjectOf(message: Message | undefined): string {
  const data = message?.data as Message | undefined;
  return text(data?.id) || text(message?.channel) || text(message?.collection) || text(message?.message);
}

const POLICY = 1008;
const EXPIRED = 'Token expired';

const closeReasons: Record<string, MessageKey> = {
  'Missing token': 'realtime.closed.missingToken',
  'Authentication failed': 'realtime.closed.authentication',
  [EXPIRED]: 'realtime.closed.expired',
  'Origin not allowed': 'realtime.closed.origin',
};

const closeCodes: Record<number, MessageKey> = {
  1000: 'realtime.closed.normal',
  1001: 'realtime.closed.shutdown',
  1002: 'realtime.closed.protocol',
  1005: 'realtime.closed.normal',
  1006: 'realtime.closed.lost',
  1007: 'realtime.closed.notText',
  1009: 'realtime.closed.tooBig',
  1011: 'realtime.closed.failed',
  1013: 'realtime.closed.tooSlow',
};

/** Whether trying again would end the same way: refused, unless the token only ran out. */
export function isFinal(code: number, reason: string): boolean {
  return code === POLICY && reason !== EXPIRED;
}

/** What the end of a connection means and what to do about it. */
export function explainClose(code: number, reason: string): string {
  const key = closeReasons[reason] ?? closeCodes[code];
  if (key) return t(key);
  return explainError(reason) ?? t('realtime.closed.other', { reason });
}

const errors: [RegExp, MessageKey][] = [
  [/^Subscription denied/, 'realtime.refused.subscription'],
  [/^Max subscriptions/, 'realtime.refused.subscriptions'],
  [/^Invalid filter expression/, 'realtime.refused.filter'],
  [/^Missing collection/, 'realtime.refused.collection'],
  [/^Join denied/, 'realtime.refused.join'],
  [/^Max channels/, 'realtime.refused.channels'],
  [/^Not joined/, 'realtime.refused.notJoined'],
  [/^Too large/, 'realtime.refused.tooLarge'],
  [/^Too many messages/, 'realtime.refused.tooMany'],
  [/^(Invalid (JSON|message)|Unknown action)/, 'realtime.refused.invalid'],
  [/^Temporarily unavailable/, 'realtime.refused.unavailable'],
];

/** What an error of the server means; nothing for one that explains itself. */
export function explainError(error: string): string | undefined {
  const found = errors.find(([pattern]) => pattern.test(error));
  return found && t(found[1]);
}
