import { useEffect, useRef, useSyncExternalStore } from 'react';
import { api } from '@/shared/api/client';
import { getSession, onSessionChange } from '@/shared/api/session';
import { type LiveListener, type LiveState, RealtimeConnection } from './connection';

const address = `${window.location.origin.replace(/^http/, 'ws')}/api/v1/realtime/ws`;

const connection = new RealtimeConnection({
  open: (token) => new WebSocket(address, [token]),
  token: () => getSession()?.token ?? null,
  // Any call renews the session when its token is refused.
  renew: async () => {
    await api.GET('/api/v1/auth/me').catch(() => undefined);
  },
});

let person = getSession()?.user.id;
onSessionChange(() => {
  const next = getSession()?.user.id;
  if (next !== person) connection.personChanged();
  else connection.wake();
  person = next;
});
window.addEventListener('online', () => connection.wake());
document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && connection.wake());

const watch = (watcher: () => void) => connection.watch(watcher);

/**
 * Hears of changes of a collection's records while the component is shown and `enabled`, and tells how the
 * connection stands.
 */
export function useRealtime(collection: string, listener: LiveListener, enabled = true): LiveState {
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => {
    if (!enabled) return;
    return connection.subscribe(collection, {
      onEvent: (event) => latest.current.onEvent(event),
      onReset: () => latest.current.onReset(),
    });
  }, [collection, enabled]);
  return useSyncExternalStore(watch, () => connection.stateOf(collection));
}
