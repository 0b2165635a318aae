import type { LiveEvent } from '@/shared/realtime/messages';

/** As many new records are kept; more are told as “more than”. */
export const MOST_FRESH = 500;
/** How long a changed row is marked, in milliseconds. */
export const MARKED_FOR = 6_000;

/** What happened to a collection since its rows were read. */
export interface LiveNotes {
  /** Rows changed by others, with the moment until which they are marked. */
  changed: Readonly<Record<string, number>>;
  /** Shown rows that are deleted. */
  gone: readonly string[];
  /** New records, which are not among the rows. */
  fresh: readonly string[];
}

export const noNotes: LiveNotes = { changed: {}, gone: [], fresh: [] };

const added = (list: readonly string[], ids: string[]) => [...new Set([...list, ...ids])];

/** The last event of each record: only how a record stands in the end counts. */
export function lastOfEach(events: LiveEvent[]): LiveEvent[] {
  const last = new Map<string, LiveEvent>();
  for (const event of events) {
    const before = last.get(event.data.id);
    // A record that was made and changed is new still.
    const operation = before?.operation === 'create' && event.operation === 'update' ? 'create' : event.operation;
    last.set(event.data.id, { ...event, operation });
  }
  return [...last.values()];
}

export function noteChanged(notes: LiveNotes, ids: string[], now: number): LiveNotes {
  if (ids.length === 0) return notes;
  return { ...notes, changed: { ...notes.changed, ...Object.fromEntries(ids.map((id) => [id, now + MARKED_FOR])) } };
}

export function noteGone(notes: LiveNotes, ids: string[], isRow: (id: string) => boolean): LiveNotes {
  if (ids.length === 0) return notes;
  const lost = new Set(ids);
  return {
    ...notes,
    fresh: notes.fresh.filter((id) => !lost.has(id)),
    gone: added(notes.gone, ids.filter(isRow)),
  };
}

export function noteFresh(notes: LiveNotes, ids: string[]): LiveNotes {
  return ids.length === 0 ? notes : { ...notes, fresh: added(notes.fresh, ids).slice(0, MOST_FRESH) };
}

/** Takes off the marks that have been seen for long enough. */
export function faded(notes: LiveNotes, now: number): LiveNotes {
  const left = Object.entries(notes.changed).filter(([, until]) => until > now);
  if (left.length === Object.keys(notes.changed).length) return notes;
  return { ...notes, changed: Object.fromEntries(left) };
}

/** The rows were read anew. */
export function refreshed(notes: LiveNotes): LiveNotes {
  return notes.fresh.length === 0 && notes.gone.length === 0 ? notes : { ...notes, fresh: [], gone: [] };
}
