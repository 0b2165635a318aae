import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { getSession, setSession } from './session';
import { onSessionExpired, sessionFetch } from './session-fetch';

const ORIGIN = window.location.origin;
const session = {
  token: 'old',
  refreshToken: 'refresh-1',
  user: { id: 'u', email: 'ann@example.com', role: 'admin' },
  account: { id: 'a', slug: 'system', name: 'System' },
};

/** Answers as a server that accepts only `good` as access token and `refresh-1`, once, for a new one. */
function server(overrides: { refresh?: () => Response; good?: string } = {}) {
  const calls: string[] = [];
  const good = overrides.good ?? 'new';
  vi.stubGlobal('fetch', async (input: Request | string, init?: RequestInit) => {
    const request = input instanceof Request ? input : new Request(new URL(input, ORIGIN), init);
    const { pathname } = new URL(request.url);
    const authorization = request.headers.get('Authorization');
    calls.push(`${request.method} ${pathname} ${authorization ?? '-'}`);
    await Promise.resolve();
    if (pathname === '/api/v1/auth/refresh') {
      return overrides.refresh?.() ?? Response.json({ token: 'new', refresh_token: 'refresh-2', expires_in: 60 });
    }
    if (authorization !== `Bearer ${good}`) return Response.json({ detail: 'Token has expired' }, { status: 401 });
    return Response.json({ body: request.method === 'POST' ? await request.json() : null });
  });
  return calls;
}

const get = (path: string) => sessionFetch(new Request(`${ORIGIN}/api/v1${path}`));
const refreshes = (calls: string[]) => calls.filter((call) => call.includes('/auth/refresh')).length;

beforeEach(() => setSession(session));
afterEach(() => vi.unstubAllGlobals());

describe('sessionFetch', () => {
  it('sends the token of the session', async () => {
    const calls = server({ good: 'old' });
    expect((await get('/accounts')).status).toBe(200);
    expect(calls).toEqual(['GET /api/v1/accounts Bearer old']);
  });

  it('renews a refused token once for requests sent at the same time, and repeats each', async () => {
    const calls = server();
    const replies = await Promise.all([get('/accounts'), get('/users'), get('/roles')]);
    expect(replies.map((reply) => reply.status)).toEqual([200, 200, 200]);
    expect(refreshes(calls)).toBe(1);
    expect(getSession()).toMatchObject({ token: 'new', refreshToken: 'refresh-2' });
  });

  it('sends the body again when it repeats a request', async () => {
    server();
    const request = new Request(`${ORIGIN}/api/v1/accounts`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ name: 'Bakery' }),
    });
    expect(await (await sessionFetch(request)).json()).toEqual({ body: { name: 'Bakery' } });
  });

  it('returns a second refusal instead of trying on', async () => {
    const calls = server({ good: 'neither' });
    expect((await get('/accounts')).status).toBe(401);
    expect(refreshes(calls)).toBe(1);
    expect(calls).toHaveLength(3);
  });

  it('forgets the session and tells so when it cannot be renewed', async () => {
    server({ refresh: () => Response.json({}, { status: 401 }) });
    const expired = vi.fn();
    const stop = onSessionExpired(expired);
    expect((await get('/accounts')).status).toBe(401);
    stop();
    expect(getSession()).toBeNull();
    expect(expired).toHaveBeenCalledOnce();
  });

  it('keeps the session when the server is down at the renewal', async () => {
    server({ refresh: () => new Response(null, { status: 503 }) });
    expect((await get('/accounts')).status).toBe(401);
    expect(getSession()).toMatchObject({ refreshToken: 'refresh-1' });
  });

  it('takes over a token that another tab has renewed', async () => {
    const calls = server();
    const call = get('/accounts');
    localStorage.setItem('snackbase-session', JSON.stringify({ ...session, token: 'new' }));
    expect((await call).status).toBe(200);
    expect(refreshes(calls)).toBe(0);
  });

  it('leaves the refusal of a sign-in alone', async () => {
    const calls = server();
    expect((await get('/auth/login')).status).toBe(401);
    expect(calls).toEqual(['GET /api/v1/auth/login -']);
  });
});
