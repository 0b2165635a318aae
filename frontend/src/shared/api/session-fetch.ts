import { noteConnection } from './connection';
import { getSession, reloadSession, setSession } from './session';

const REFRESH_PATH = '/api/v1/auth/refresh';
/** Calls that carry credentials of their own: a 401 there is an answer, not an expired session. */
const WITHOUT_SESSION = new Set([
  REFRESH_PATH,
  '/api/v1/setup',
  '/api/v1/auth/login',
  '/api/v1/auth/register',
  '/api/v1/auth/forgot-password',
  '/api/v1/auth/reset-password',
  '/api/v1/auth/verify-email',
  '/api/v1/auth/resend-verification',
]);

let refreshing: Promise<string | null> | null = null;
const expiryListeners = new Set<() => void>();

/** Calls `listener` when the server no longer accepts the session; returns the way to stop that. */
export function onSessionExpired(listener: () => void): () => void {
  expiryListeners.add(listener);
  return () => {
    expiryListeners.delete(listener);
  };
}

/** Holds a lock of the whole browser where there is one, so that two tabs never spend the same refresh token. */
function exclusively<T>(action: () => Promise<T>): Promise<T> {
  if (!navigator.locks) return action();
  return navigator.locks.request('snackbase-refresh', action) as Promise<T>;
}

async function renew(refusedToken: string): Promise<string | null> {
  const session = reloadSession();
  if (!session) return null;
  if (session.token !== refusedToken) return session.token; // Another tab was faster.
  const response = await fetch(REFRESH_PATH, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ refresh_token: session.refreshToken }),
  });
  if (response.ok) {
    const reply = (await response.json()) as { token: string; refresh_token: string };
    setSession({ ...session, token: reply.token, refreshToken: reply.refresh_token });
    return reply.token;
  }
  // A server that is down or busy says nothing about the session.
  if (response.status >= 500 || response.status === 429) return null;
  setSession(null);
  for (const listener of expiryListeners) listener();
  return null;
}

/** Renews the access token; requests refused at the same time share one call. Null when there is no new token. */
function sharedRenewal(refusedToken: string): Promise<string | null> {
  refreshing ??= exclusively(() => renew(refusedToken)).finally(() => {
    refreshing = null;
  });
  return refreshing;
}

/** Sends a request and gives the reply, as `fetch` does. */
export type Send = (request: Request) => Promise<Response>;

/** Notes whether the server could be reached. */
function noting(send: Send): Send {
  return async (request) => {
    try {
      const response = await send(request);
      noteConnection(true);
      return response;
    } catch (error) {
      if (error instanceof TypeError) noteConnection(false);
      throw error;
    }
  };
}

/**
 * Sends a request as the signed-in user. When the access token is refused it is renewed once and
 * the request repeated once; a second refusal is returned as it is.
 */
export async function sendWithSession(request: Request, sendOnce: Send): Promise<Response> {
  const send = noting(sendOnce);
  const session = getSession();
  if (!session || WITHOUT_SESSION.has(new URL(request.url).pathname)) return send(request);

  const again = request.clone();
  request.headers.set('Authorization', `Bearer ${session.token}`);
  const response = await send(request);
  if (response.status !== 401) return response;

  // The session may have been renewed while this request was under way.
  const renewed = getSession();
  const token = renewed && renewed.token !== session.token ? renewed.token : await sharedRenewal(session.token);
  if (!token) return response;
  again.headers.set('Authorization', `Bearer ${token}`);
  return send(again);
}

/** {@link sendWithSession} by `fetch`: what the client of the API sends with. */
export function sessionFetch(request: Request): Promise<Response> {
  return sendWithSession(request, (ready) => fetch(ready));
}
