import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RealtimeConnection } from './connection';
import { readMessage } from './messages';

class FakeSocket {
  static made: FakeSocket[] = [];
  readyState = 0;
  sent: unknown[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  closed = false;
  constructor(readonly token: string) {
    FakeSocket.made.push(this);
  }
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.closed = true;
  }
  open() {
    this.readyState = WebSocket.OPEN;
    this.onopen?.();
  }
  hear(message: object) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
  end(code = 1006, reason = '') {
    this.readyState = WebSocket.CLOSED;
    this.onclose?.({ code, reason });
  }
}

let token: string | null = 'first';
const renew = vi.fn(() => Promise.resolve());
const make = () =>
  new RealtimeConnection({ open: (used) => new FakeSocket(used) as unknown as WebSocket, token: () => token, renew });
const socket = (index = 0) => FakeSocket.made[index] as FakeSocket;
const listener = () => ({ onEvent: vi.fn(), onReset: vi.fn() });
const event = { type: 'posts.update', event_id: 'e7', data: { id: '1', title: 'x' } };

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.made = [];
  token = 'first';
  renew.mockReset();
  renew.mockResolvedValue(undefined);
});
afterEach(() => vi.useRealTimers());

describe('RealtimeConnection', () => {
  it('subscribes once for several listeners and hands events on', () => {
    const connection = make();
    const [one, two] = [listener(), listener()];
    connection.subscribe('posts', one);
    const leave = connection.subscribe('posts', two);
    socket().open();
    expect(socket().sent).toEqual([{ action: 'subscribe', collection: 'posts' }]);
    socket().hear({ type: 'subscribed', collection: 'posts' });
    expect(connection.stateOf('posts')).toBe('live');
    leave();
    socket().hear(event);
    expect(one.onEvent).toHaveBeenCalledWith({ collection: 'posts', operation: 'update', data: event.data });
    expect(two.onEvent).not.toHaveBeenCalled();
  });

  it('goes on after the last event when the connection broke', async () => {
    const connection = make();
    const one = listener();
    connection.subscribe('posts', one);
    socket().open();
    socket().hear({ type: 'subscribed', collection: 'posts' });
    socket().hear(event);
    socket().end();
    expect(connection.stateOf('posts')).toBe('interrupted');
    await vi.advanceTimersByTimeAsync(2_000);
    socket(1).open();
    expect(socket(1).sent).toEqual([{ action: 'subscribe', collection: 'posts', since: 'e7' }]);
    socket(1).hear({ type: 'subscribed', collection: 'posts' });
    expect(one.onReset).not.toHaveBeenCalled();
    socket(1).hear({ type: 'reset', collection: 'posts' });
    expect(one.onReset).toHaveBeenCalledOnce();
  });

  it('tells of a gap when there was no event to go on after', async () => {
    const one = listener();
    make().subscribe('posts', one);
    socket().open();
    socket().hear({ type: 'subscribed', collection: 'posts' });
    socket().end();
    await vi.advanceTimersByTimeAsync(2_000);
    socket(1).open();
    socket(1).hear({ type: 'subscribed', collection: 'posts' });
    expect(one.onReset).toHaveBeenCalledOnce();
  });

  it('renews a token that ran out and comes back at once', async () => {
    make().subscribe('posts', listener());
    renew.mockImplementation(() => {
      token = 'second';
      return Promise.resolve();
    });
    socket().end(1008, 'Token expired');
    await vi.advanceTimersByTimeAsync(0);
    expect(socket(1).token).toBe('second');
  });

  it('waits for somebody to sign in when the session has ended', async () => {
    const connection = make();
    connection.subscribe('posts', listener());
    renew.mockImplementation(() => {
      token = null;
      return Promise.resolve();
    });
    socket().end(1008, 'Token expired');
    await vi.advanceTimersByTimeAsync(120_000);
    expect(FakeSocket.made).toHaveLength(1);
    token = 'third';
    connection.wake();
    expect(socket(1).token).toBe('third');
  });

  it('takes a server that never answers for one without live updates', async () => {
    const connection = make();
    connection.subscribe('posts', listener());
    for (let attempt = 0; attempt < 3; attempt += 1) {
      socket(attempt).end();
      await vi.advanceTimersByTimeAsync(5_000);
    }
    expect(connection.stateOf('posts')).toBe('unavailable');
    await vi.advanceTimersByTimeAsync(600_000);
    expect(FakeSocket.made).toHaveLength(3);
  });

  it('gives up a silent connection, and one that nobody listens to', async () => {
    const connection = make();
    const leave = connection.subscribe('posts', listener());
    socket().open();
    await vi.advanceTimersByTimeAsync(76_000);
    expect(socket().closed).toBe(true);
    socket(1).open();
    leave();
    await vi.advanceTimersByTimeAsync(11_000);
    expect(socket(1).closed).toBe(true);
    expect(FakeSocket.made).toHaveLength(2);
  });

  it('says when the collection is closed to the person', () => {
    const connection = make();
    const seen = vi.fn();
    connection.watch(seen);
    connection.subscribe('posts', listener());
    socket().open();
    socket().hear({ error: 'Subscription denied', collection: 'posts' });
    expect(connection.stateOf('posts')).toBe('denied');
    expect(seen).toHaveBeenCalledOnce();
  });
});

describe('readMessage', () => {
  it('passes over what is no message about a subscription', () => {
    for (const text of ['', '[]', '7', '{"type":"heartbeat"}', '{"type":"pong"}', '{"type":"a.b","data":{}}']) {
      expect(readMessage(text)).toBeNull();
    }
  });
});
