import { afterEach, describe, expect, it, vi } from 'vitest';
import { answerRequests, catchUploads } from '@/test-server';
import { progressFetch } from './progress-fetch';
import { getSession, setSession } from './session';
import { sendWithSession } from './session-fetch';

const ADDRESS = `${window.location.origin}/api/v1/files/upload`;
const request = (signal?: AbortSignal) =>
  new Request(ADDRESS, { method: 'POST', body: 'hello', headers: { 'Content-Type': 'text/plain' }, signal });

/** Waits until so many uploads are under way. */
const sent = (uploads: unknown[], count = 1) => vi.waitFor(() => expect(uploads).toHaveLength(count));

afterEach(() => {
  vi.unstubAllGlobals();
  setSession(null);
});

describe('progressFetch', () => {
  it('sends the request as it is, tells how far it is, and gives the reply', async () => {
    const uploads = catchUploads();
    const shares: number[] = [];
    const reply = progressFetch((share) => shares.push(share))(request());
    await sent(uploads);
    expect(uploads[0]).toMatchObject({ method: 'POST', url: ADDRESS, headers: { 'content-type': 'text/plain' } });
    expect(await uploads[0]?.body.text()).toBe('hello');
    uploads[0]?.progress(1, 4);
    uploads[0]?.progress(4, 4);
    uploads[0]?.answer(201, { file: 1 });
    const response = await reply;
    expect(response.status).toBe(201);
    expect(response.headers.get('X-Correlation-ID')).toBe('cid_1');
    expect(await response.json()).toEqual({ file: 1 });
    expect(shares).toEqual([0.25, 1]);
  });

  it('fails like fetch when the server cannot be reached', async () => {
    const uploads = catchUploads();
    const reply = progressFetch(() => undefined)(request());
    await sent(uploads);
    uploads[0]?.fail();
    await expect(reply).rejects.toBeInstanceOf(TypeError);
  });

  it('ends the upload when its signal says so', async () => {
    const uploads = catchUploads();
    const attempt = new AbortController();
    const reply = progressFetch(() => undefined)(request(attempt.signal));
    await sent(uploads);
    attempt.abort();
    await expect(reply).rejects.toMatchObject({ name: 'AbortError' });
    expect(uploads[0]?.aborted).toBe(true);
  });

  it('is repeated with a new token when the first one has expired', async () => {
    setSession({
      token: 'old',
      refreshToken: 'refresh-1',
      user: { id: 'u', email: 'ann@example.com', role: 'admin' },
      account: { id: 'a', slug: 'system', name: 'System' },
    });
    answerRequests(() => Response.json({ token: 'new', refresh_token: 'refresh-2', expires_in: 60 }));
    const uploads = catchUploads();
    const reply = sendWithSession(
      request(),
      progressFetch(() => undefined),
    );
    await sent(uploads);
    expect(uploads[0]?.headers.authorization).toBe('Bearer old');
    uploads[0]?.answer(401, { detail: 'Token has expired' });
    await sent(uploads, 2);
    expect(uploads[1]?.headers.authorization).toBe('Bearer new');
    expect(await uploads[1]?.body.text()).toBe('hello');
    uploads[1]?.answer(201, {});
    expect((await reply).status).toBe(201);
    expect(getSession()?.refreshToken).toBe('refresh-2');
  });
});
