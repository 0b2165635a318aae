/** A change of a record. */
export interface LiveEvent {
  collection: string;
  operation: 'create' | 'update' | 'delete';
  /** The record after the change; of a deleted one the id alone. */
  data: { id: string } & Record<string, unknown>;
}

type Message =
  | { kind: 'subscribed' | 'reset' | 'denied'; collection: string }
  | { kind: 'event'; collection: string; eventId: string | undefined; event: LiveEvent };

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Reads a message of the server; null for one that says nothing about a subscription, a heartbeat for instance. */
export function readMessage(text: string): Message | null {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(message)) return null;
  const { type, collection, data, event_id: eventId } = message;
  if (typeof collection === 'string') {
    if (message.error !== undefined) return { kind: 'denied', collection };
    return type === 'subscribed' || type === 'reset' ? { kind: type, collection } : null;
  }
  const [, name, operation] = /^(.+)\.(create|update|delete)$/.exec(String(type)) ?? [];
  if (name === undefined || !isObject(data) || typeof data.id !== 'string') return null;
  return {
    kind: 'event',
    collection: name,
    eventId: typeof eventId === 'string' ? eventId : undefined,
    event: {
      collection: name,
      operation: operation as LiveEvent['operation'],
      data: data as LiveEvent['data'],
    },
  };
}
