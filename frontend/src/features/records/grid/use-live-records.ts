import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Collection, RecordRow } from '@/shared/api/types';
import type { LiveEvent } from '@/shared/realtime/messages';
import { useRealtime } from '@/shared/realtime/use-realtime';
import { matchingIds } from '../api/count-records';
import { faded, lastOfEach, noNotes, noteChanged, noteFresh, noteGone, refreshed } from './live-notes';
import { changeRows, expandRow } from './record-cache';
import { mergedRow } from './record-merge';

interface Live {
  collection: Collection;
  rows: RecordRow[];
  filter: string;
  search: string;
  enabled: boolean;
  /** Whether the rows are being read anew. */
  reading: boolean;
  refresh: () => void;
}

/** Events are taken together for as long, in milliseconds: the replies to this page's own changes come meanwhile. */
const GATHERED = 300;
/** As many new records are looked at whether the filter lets them through. */
const LOOKED_AT = 100;

/** Follows the changes of the records: rows change in place, new ones are counted until they are asked for. */
export function useLiveRecords({ collection, rows, filter, search, enabled, reading, refresh }: Live) {
  const { name, schema } = collection;
  const queryClient = useQueryClient();
  const [notes, setNotes] = useState(noNotes);
  const gathered = useRef<LiveEvent[]>([]);
  const timer = useRef<number | undefined>(undefined);

  /** Whether a change is this page's own, told by the reply to it. */
  function isOwn({ data }: LiveEvent): boolean {
    return queryClient
      .getMutationCache()
      .getAll()
      .some((mutation) => {
        const reply = mutation.state.data as Partial<RecordRow> | undefined;
        return reply?.id === data.id && reply.updated_at === data.updated_at;
      });
  }

  async function work() {
    const events = lastOfEach(gathered.current.splice(0));
    const known = new Map(rows.map((row) => [row.id, row]));
    const of = (operation: LiveEvent['operation']) => events.filter((event) => event.operation === operation);
    const changed = of('update').filter(({ data }) => {
      const row = known.get(data.id);
      return row !== undefined && row.updated_at !== data.updated_at;
    });
    for (const { data } of changed) {
      changeRows(queryClient, name, new Set([data.id]), (row) => {
        const next = mergedRow(row, data, schema);
        void expandRow(queryClient, name, schema, next);
        return next;
      });
    }
    const ids = (list: LiveEvent[]) => list.map(({ data }) => data.id);
    const marked = ids(changed.filter((event) => !isOwn(event)));
    setNotes((now) => noteGone(noteChanged(now, marked, Date.now()), ids(of('delete')), (id) => known.has(id)));
    const made = ids(of('create').filter((event) => !known.has(event.data.id) && !isOwn(event)));
    if (made.length === 0) return;
    const narrowed = filter !== '' || search !== '';
    const fresh = narrowed
      ? await matchingIds({ collection: name, filter, search }, made.slice(0, LOOKED_AT)).catch(() => [])
      : made;
    setNotes((now) => noteFresh(now, fresh));
  }
  const latest = useRef(work);
  useEffect(() => {
    latest.current = work;
  });

  useEffect(() => () => window.clearTimeout(timer.current), []);
  const state = useRealtime(
    name,
    {
      onEvent: (event) => {
        if (gathered.current.push(event) === 1)
          timer.current = window.setTimeout(() => void latest.current(), GATHERED);
      },
      onReset: refresh,
    },
    enabled,
  );

  // What was read just now holds all that was noted before.
  const [wasReading, setWasReading] = useState(reading);
  if (reading !== wasReading) {
    setWasReading(reading);
    if (!reading) setNotes(refreshed);
  }

  useEffect(() => {
    const next = Math.min(...Object.values(notes.changed));
    if (!Number.isFinite(next)) return;
    const fade = window.setTimeout(
      () => setNotes((now) => faded(now, Date.now())),
      Math.max(0, next - Date.now()) + 20,
    );
    return () => window.clearTimeout(fade);
  }, [notes.changed]);

  const shown = useMemo(() => {
    const here = new Set(rows.map(({ id }) => id));
    return {
      changed: notes.changed,
      gone: new Set(notes.gone.filter((id) => here.has(id))),
      fresh: notes.fresh.filter((id) => !here.has(id)).length,
    };
  }, [notes, rows]);
  return { ...shown, state };
}
