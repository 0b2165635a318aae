import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Inspector, MOST_ENTRIES } from './inspector';
import { explainClose, explainError, kindOf } from './messages';
import { StreamReader } from './sse';
import { nameFor, streamQuery, subscribeMessage, unsubscribeMessage, type Wanted } from './subscription';

const wanted: Wanted = { collection: 'posts', operations: ['create', 'update', 'delete'], record: '', filter: '' };

describe('the reader of a stream', () => {
  const text =
    ': hello\r\n\r\nid: e-1\r\nevent: message\r\ndata: {"type":"posts.create"}\r\n\r\nevent: heartbeat\r\ndata: {}\r\n\r\ndata: a\r\ndata: b\r\n\r\n';
  const events = [
    { event: 'message', data: '{"type":"posts.create"}', id: 'e-1' },
    { event: 'heartbeat', data: '{}', id: undefined },
    { event: 'message', data: 'a\nb', id: undefined },
  ];

  it('finds the same events wherever the stream is cut', () => {
    for (let size = 1; size <= text.length; size += 1) {
      const reader = new StreamReader();
      const found = [];
      for (let at = 0; at < text.length; at += size) found.push(...reader.read(text.slice(at, at + size)));
      expect(found).toEqual(events);
    }
  });
});

describe('subscriptions', () => {
  it('have a name of their own once they are narrowed down', () => {
    expect(nameFor(wanted, ['posts'])).toBe('posts');
    expect(nameFor({ ...wanted, filter: 'n > 1' }, ['posts', 'posts#1'])).toBe('posts#2');
  });

  it('are asked for as the protocol wants it', () => {
    expect(subscribeMessage({ ...wanted, id: 'posts', state: 'waiting' })).toEqual({
      action: 'subscribe',
      collection: 'posts',
      operations: ['create', 'update', 'delete'],
    });
    const narrow = { ...wanted, filter: 'n > 1', id: 'posts#1', state: 'waiting' as const };
    expect(subscribeMessage(narrow, 'e-9')).toMatchObject({ id: 'posts#1', filter: 'n > 1', since: 'e-9' });
    expect(unsubscribeMessage(narrow)).toEqual({ action: 'unsubscribe', collection: 'posts', id: 'posts#1' });
    expect(streamQuery([{ ...narrow, operations: ['create'] }]).toString()).toBe(
      'collections=posts%3Acreate&filter.posts=n+%3E+1',
    );
  });
});

describe('messages', () => {
  it.each([
    [{ type: 'posts.update', data: {} }, 'change'],
    [{ type: 'presence.update', channel: 'posts' }, 'channel'],
    [{ type: 'broadcast', channel: 'posts' }, 'channel'],
    [{ type: 'heartbeat' }, 'heartbeat'],
    [{ status: 'subscribed', type: 'subscribed' }, 'reply'],
    [{ error: 'Subscription denied', collection: 'x' }, 'error'],
  ])('%o is %s', (message, kind) => {
    expect(kindOf(message)).toBe(kind);
  });

  it('and endings are explained', () => {
    expect(explainClose(1008, 'Token expired')).not.toBe(explainClose(1008, 'Origin not allowed'));
    expect(explainClose(4999, '')).toBeTruthy();
    expect(explainError('Join denied')).toBeTruthy();
    expect(explainError('Something new')).toBeUndefined();
  });
});

class FakeSocket {
  static all: FakeSocket[] = [];
  onopen?: () => void;
  onmessage?: (event: { data: string }) => void;
  onclose?: (event: { code: number; reason: string }) => void;
  sent: Record<string, unknown>[] = [];

  constructor(
    readonly address: URL,
    readonly protocols: string[],
  ) {
    FakeSocket.all.push(this);
  }

  send(text: string) {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }

  close() {
    this.onclose?.({ code: 1000, reason: '' });
  }

  say(message: unknown) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
}

const newest = () => FakeSocket.all.at(-1) as FakeSocket;

describe('the inspector', () => {
  beforeEach(() => {
    FakeSocket.all = [];
    vi.stubGlobal('WebSocket', FakeSocket);
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  async function connected() {
    const inspector = new Inspector(() => Promise.resolve('token'));
    await inspector.connect(false);
    newest().onopen?.();
    return inspector;
  }

  it('keeps the token out of the address and subscribes once it is open', async () => {
    const inspector = new Inspector(() => Promise.resolve('token'));
    inspector.add(wanted);
    await inspector.connect(false);
    expect(newest().address.href).not.toContain('token');
    expect(newest().protocols).toEqual(['token']);
    newest().onopen?.();
    expect(newest().sent).toMatchObject([{ action: 'subscribe', collection: 'posts' }]);
    newest().say({ status: 'subscribed', collection: 'posts', type: 'subscribed' });
    expect(inspector.snapshot().subscriptions[0]?.state).toBe('active');
  });

  it('comes back after a loss, and asks for what it missed', async () => {
    const inspector = await connected();
    inspector.add(wanted);
    newest().say({ type: 'posts.create', event_id: 'e-7', data: { id: '1' } });
    newest().onclose?.({ code: 1006, reason: '' });
    expect(inspector.snapshot().status).toBe('waiting');
    await vi.advanceTimersByTimeAsync(1000);
    expect(FakeSocket.all).toHaveLength(2);
    newest().onopen?.();
    expect(newest().sent).toMatchObject([{ action: 'subscribe', since: 'e-7' }]);
  });

  it('does not try again what would be refused again', async () => {
    const inspector = await connected();
    newest().onclose?.({ code: 1008, reason: 'Authentication failed' });
    expect(inspector.snapshot().status).toBe('closed');
    await inspector.connect(false);
    newest().onclose?.({ code: 1008, reason: 'Token expired' });
    expect(inspector.snapshot().status).toBe('waiting');
  });

  it('stays away after it was disconnected on purpose', async () => {
    const inspector = await connected();
    inspector.disconnect();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(FakeSocket.all).toHaveLength(1);
    expect(inspector.snapshot().status).toBe('closed');
  });

  it('shows why a subscription was refused', async () => {
    const inspector = await connected();
    inspector.add({ ...wanted, filter: 'zzz = 1' });
    newest().say({ error: 'Invalid filter expression', message: "Field 'zzz'", collection: 'posts', id: 'posts#1' });
    expect(inspector.snapshot().subscriptions[0]).toMatchObject({
      state: 'refused',
      problem: "Invalid filter expression: Field 'zzz'",
    });
  });

  it('follows who is in a channel', async () => {
    const inspector = await connected();
    const members = () => inspector.snapshot().channels[0]?.members.map((member) => member.id);
    newest().say({ type: 'joined', channel: 'posts', member: 'a', members: [{ id: 'a', user_id: 'u', meta: {} }] });
    newest().say({ type: 'presence.join', channel: 'posts', member: { id: 'b', user_id: 'v', meta: {} } });
    expect(members()).toEqual(['a', 'b']);
    newest().say({ type: 'presence.leave', channel: 'posts', member: { id: 'a', user_id: 'u' } });
    expect(members()).toEqual(['b']);
    newest().say({ type: 'left', channel: 'posts' });
    expect(inspector.snapshot().channels).toEqual([]);
  });

  it('keeps a bounded log', async () => {
    const inspector = await connected();
    for (let count = 0; count < MOST_ENTRIES + 50; count += 1) newest().say({ type: 'pong' });
    expect(inspector.snapshot().entries).toHaveLength(MOST_ENTRIES);
    expect(inspector.snapshot().received).toBe(MOST_ENTRIES + 50);
  });
});
