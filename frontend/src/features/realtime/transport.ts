import type { Message } from './messages';
import { StreamReader } from './sse';

/** What a transport tells of. */
export interface Hearing {
  onOpen: () => void;
  onMessage: (message: Message) => void;
  /** Called once, also when it never opened. */
  onClose: (code: number, reason: string) => void;
}

/** A connection that is open or about to be. */
export interface Wire {
  /** Sends a message; streams cannot. */
  send?: (message: Message) => void;
  close: () => void;
}

const NORMAL = 1000;
const LOST = 1006;
const REFUSED = 1008;
const UNAVAILABLE = 1011;
const TOO_MANY_REQUESTS = 429;

function parsed(text: string): Message {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Message) : { value };
  } catch {
    return { text };
  }
}

/** Opens a WebSocket. The token goes as its subprotocol, which keeps it out of addresses and logs. */
export function openSocket(token: string, { onOpen, onMessage, onClose }: Hearing): Wire {
  const address = new URL('/api/v1/realtime/ws', window.location.href);
  address.protocol = address.protocol.replace('http', 'ws');
  const socket = new WebSocket(address, [token]);
  socket.onopen = onOpen;
  socket.onmessage = ({ data }) => onMessage(parsed(String(data)));
  socket.onclose = ({ code, reason }) => onClose(code, reason);
  return {
    send: (message) => socket.send(JSON.stringify(message)),
    close: () => socket.close(NORMAL),
  };
}

async function readStream(request: Request, { onOpen, onMessage }: Hearing): Promise<{ code: number; reason: string }> {
  const reply = await fetch(request);
  if (!reply.ok || !reply.body) {
    const { detail, message } = parsed(await reply.text());
    const passes = reply.status >= 500 || reply.status === TOO_MANY_REQUESTS;
    return { code: passes ? UNAVAILABLE : REFUSED, reason: String(detail ?? message ?? reply.status) };
  }
  onOpen();
  const reader = new StreamReader();
  const stream = reply.body.pipeThrough(new TextDecoderStream()).getReader();
  let end = { code: LOST, reason: '' };
  for (;;) {
    const { done, value } = await stream.read();
    if (done) return end;
    for (const { event, data, id } of reader.read(value)) {
      const message = parsed(data);
      if (event === 'closed') end = { code: Number(message.code), reason: String(message.reason) };
      else if (event === 'heartbeat') onMessage({ type: 'heartbeat', ...message });
      else onMessage(id === undefined ? message : { ...message, event_id: id });
    }
  }
}

/** Opens a stream of server-sent events. It is read by hand: the browser's own reader can send no headers. */
export function openStream(token: string, query: URLSearchParams, since: string | undefined, hearing: Hearing): Wire {
  const ended = new AbortController();
  const request = new Request(new URL(`/api/v1/realtime/subscribe?${query}`, window.location.href), {
    headers: {
      Authorization: `Bearer ${token}`,
      Accept: 'text/event-stream',
      ...(since !== undefined && { 'Last-Event-ID': since }),
    },
    signal: ended.signal,
  });
  readStream(request, hearing).then(
    ({ code, reason }) => hearing.onClose(code, reason),
    () => hearing.onClose(ended.signal.aborted ? NORMAL : LOST, ''),
  );
  return { close: () => ended.abort() };
}
