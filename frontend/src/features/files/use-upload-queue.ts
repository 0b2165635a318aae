import { useEffect, useRef, useState } from 'react';
import { asApiError } from '@/shared/api/errors';
import { useUploadFile } from '@/shared/files/upload-file';

export interface QueuedUpload {
  id: number;
  file: File;
  state: 'waiting' | 'sending' | 'done' | 'stopped' | 'failed';
  /** How much is sent, from 0 to 1. */
  share: number;
  /** Why it failed. */
  message?: string;
}

/** Uploads files one after the other and keeps what became of each. */
export function useUploadQueue() {
  const upload = useUploadFile();
  const [items, setItems] = useState<QueuedUpload[]>([]);
  const waiting = useRef<{ id: number; file: File; accountId: string | undefined; stop: AbortController }[]>([]);
  const known = useRef(new Map<number, AbortController>());
  const working = useRef(false);
  const count = useRef(0);
  useEffect(() => {
    const stops = known.current;
    return () => stops.forEach((stop) => stop.abort());
  }, []);

  const change = (id: number, part: Partial<QueuedUpload>) =>
    setItems((before) => before.map((item) => (item.id === id ? { ...item, ...part } : item)));

  async function work() {
    if (working.current) return;
    working.current = true;
    for (let next = waiting.current.shift(); next; next = waiting.current.shift()) {
      const { id, file, accountId, stop } = next;
      if (stop.signal.aborted) continue;
      change(id, { state: 'sending' });
      try {
        const onProgress = (share: number) => change(id, { share });
        await upload.mutateAsync({ file, accountId, signal: stop.signal, onProgress });
        change(id, { state: 'done', share: 1 });
      } catch (error) {
        change(
          id,
          stop.signal.aborted ? { state: 'stopped' } : { state: 'failed', message: asApiError(error).message },
        );
      }
    }
    working.current = false;
  }

  return {
    items,
    /** Adds files; `accountId` says whose they will be, absent for the own account. */
    add: (files: File[], accountId: string | undefined) => {
      const added = files.map((file) => ({ id: (count.current += 1), file, accountId, stop: new AbortController() }));
      for (const { id, stop } of added) known.current.set(id, stop);
      waiting.current.push(...added);
      setItems((before) => [
        ...before,
        ...added.map(({ id, file }) => ({ id, file, state: 'waiting' as const, share: 0 })),
      ]);
      void work();
    },
    cancel: (id: number) => {
      known.current.get(id)?.abort();
      change(id, { state: 'stopped' });
    },
    /** Forgets what is over. */
    clear: () => setItems((before) => before.filter(({ state }) => state === 'waiting' || state === 'sending')),
  };
}
