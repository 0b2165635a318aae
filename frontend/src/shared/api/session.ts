import { useSyncExternalStore } from 'react';
import type { LoginReply } from './types';

/** A signed-in user with the pair of tokens that proves it. */
export interface Session {
  token: string;
  refreshToken: string;
  user: { id: string; email: string; role: string };
  account: { id: string; slug: string; name: string };
}

const STORAGE_KEY = 'snackbase-session';
const listeners = new Set<() => void>();
let current: Session | null = read();

function read(): Session | null {
  try {
    const text = localStorage.getItem(STORAGE_KEY);
    return text ? (JSON.parse(text) as Session) : null;
  } catch {
    return null;
  }
}

function publish(next: Session | null) {
  current = next;
  for (const listener of listeners) listener();
}

/** The session of this browser, or null when nobody is signed in. */
export function getSession(): Session | null {
  return current;
}

/** Keeps the session, or forgets it when null; all tabs of this browser follow. */
export function setSession(next: Session | null) {
  if (next) localStorage.setItem(STORAGE_KEY, JSON.stringify(next));
  else localStorage.removeItem(STORAGE_KEY);
  publish(next);
}

/** Reads the session again from storage, where another tab may have renewed it. */
export function reloadSession(): Session | null {
  publish(read());
  return current;
}

/** Makes the session of a reply of sign-in or first-run set-up the current one. */
export function startSession(reply: LoginReply) {
  setSession({
    token: reply.token,
    refreshToken: reply.refresh_token,
    user: { id: reply.user.id, email: reply.user.email, role: reply.user.role },
    account: { id: reply.account.id, slug: reply.account.slug, name: reply.account.name },
  });
}

/** Calls `listener` whenever the session changes; returns the way to stop that. */
export function onSessionChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** The session, following changes made here or in other tabs. */
export function useSession(): Session | null {
  return useSyncExternalStore(onSessionChange, getSession);
}

window.addEventListener('storage', (event) => {
  if (event.key === STORAGE_KEY || event.key === null) reloadSession();
});
