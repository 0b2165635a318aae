export const operations = ['create', 'update', 'delete'] as const;
export type RecordOperation = (typeof operations)[number];

/** What somebody wants to hear of. */
export interface Wanted {
  /** A collection, or `*` for all. */
  collection: string;
  operations: RecordOperation[];
  /** Id of the only record; empty for all. */
  record: string;
  /** Expression that records must satisfy; empty for all. */
  filter: string;
}

export interface Subscription extends Wanted {
  /** An own name where one collection may have several; else that of the collection. */
  id: string;
  state: 'waiting' | 'active' | 'refused';
  /** Why it was refused. */
  problem?: string;
}

/** A name of its own for a subscription that is narrowed down, so that there can be several of a collection. */
export function nameFor(wanted: Wanted, taken: string[]): string {
  if (wanted.record === '' && wanted.filter === '') return wanted.collection;
  for (let number = 1; ; number += 1) {
    const name = `${wanted.collection}#${number}`;
    if (!taken.includes(name)) return name;
  }
}

/** The message that subscribes, going on after an event if one is given. */
export function subscribeMessage(subscription: Subscription, since?: string): Record<string, unknown> {
  const { id, collection, operations: wanted, record, filter } = subscription;
  return {
    action: 'subscribe',
    collection,
    operations: wanted,
    ...(id !== collection && { id }),
    ...(record !== '' && { record }),
    ...(filter !== '' && { filter }),
    ...(since !== undefined && { since }),
  };
}

/** The message that ends a subscription. */
export function unsubscribeMessage({ id, collection, record }: Subscription): Record<string, unknown> {
  return { action: 'unsubscribe', collection, ...(id !== collection && { id }), ...(record !== '' && { record }) };
}

/** The parameters of a stream with these subscriptions; it takes one filter and one record for each collection. */
export function streamQuery(subscriptions: Wanted[]): URLSearchParams {
  const query = new URLSearchParams();
  for (const { collection, operations: wanted, record, filter } of subscriptions) {
    query.append('collections', `${collection}:${wanted.join(',')}`);
    if (filter !== '') query.append(`filter.${collection}`, filter);
    if (record !== '') query.append(`record.${collection}`, record);
  }
  return query;
}
