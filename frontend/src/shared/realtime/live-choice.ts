import { useSyncExternalStore } from 'react';

const STORAGE_KEY = 'snackbase-live';
const listeners = new Set<() => void>();

const read = () => localStorage.getItem(STORAGE_KEY) !== 'off';

function subscribe(listener: () => void) {
  listeners.add(listener);
  window.addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', listener);
  };
}

/** Whether pages follow changes as they happen, as the person chose in this browser. */
export function useLiveChoice(): [boolean, (on: boolean) => void] {
  const on = useSyncExternalStore(subscribe, read);
  const choose = (next: boolean) => {
    if (next) localStorage.removeItem(STORAGE_KEY);
    else localStorage.setItem(STORAGE_KEY, 'off');
    for (const listener of listeners) listener();
  };
  return [on, choose];
}
