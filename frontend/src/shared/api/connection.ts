import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
let lost = !navigator.onLine;

function publish(next: boolean) {
  if (lost === next) return;
  lost = next;
  for (const listener of listeners) listener();
}

/** Notes that the server could not be reached, or that it answered again. */
export function noteConnection(reached: boolean) {
  publish(!reached);
}

/** Asks the server whether it is there; the answer is noted. */
export async function probeConnection(): Promise<boolean> {
  try {
    await fetch('/live', { cache: 'no-store' });
    noteConnection(true);
    return true;
  } catch {
    noteConnection(false);
    return false;
  }
}

/** Whether the server could not be reached when it was last asked. */
export function useConnectionLost(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    () => lost,
  );
}

window.addEventListener('offline', () => noteConnection(false));
window.addEventListener('online', () => void probeConnection());
