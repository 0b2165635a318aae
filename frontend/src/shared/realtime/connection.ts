import { type LiveEvent, readMessage } from './messages';

/** How it stands with a subscription. */
export type LiveState = 'connecting' | 'live' | 'interrupted' | 'denied' | 'unavailable';

export interface LiveListener {
  onEvent: (event: LiveEvent) => void;
  /** Events may be missing: what is shown has to be read again. */
  onReset: () => void;
}

interface Dependencies {
  open: (token: string) => WebSocket;
  /** The access token of the present session; null when nobody is signed in. */
  token: () => string | null;
  /** Gets a new access token in place of one that was refused. */
  renew: (refused: string) => Promise<void>;
}

interface Topic {
  listeners: Set<LiveListener>;
  state: LiveState;
  /** The last event that came, after which to go on. */
  last: string | null;
  /** Whether it was live before: what happened since then may be missing. */
  interrupted: boolean;
}

const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 60_000;
/** The server speaks every 30 seconds; a connection that is silent for longer is dead. */
const SILENCE = 75_000;
/** A connection nobody listens to stays open for as long, since the next page may want it. */
const IDLE = 10_000;
/** As many attempts in a row fail before the server is taken for one without live updates. */
const MOST_FAILURES = 3;
/** Closed by the server for what the client is: credentials or origin. */
const REFUSED = 1008;

/**
 * One WebSocket for all subscriptions of the page. The token goes as the subprotocol, so that it stands in no
 * address and no log. After an interruption each subscription goes on after the last event that it had.
 */
export class RealtimeConnection {
  private readonly topics = new Map<string, Topic>();
  private readonly watchers = new Set<() => void>();
  private socket: WebSocket | null = null;
  private usedToken = '';
  private attempts = 0;
  /** Whether the server ever took a connection. */
  private taken = false;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private watchdog: ReturnType<typeof setTimeout> | undefined;
  private idle: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly dependencies: Dependencies) {}

  /** Hears of the changes of a collection's records; returns the way to stop that. */
  subscribe(collection: string, listener: LiveListener): () => void {
    clearTimeout(this.idle);
    let topic = this.topics.get(collection);
    if (!topic) {
      topic = { listeners: new Set(), state: 'connecting', last: null, interrupted: false };
      this.topics.set(collection, topic);
      if (this.socket?.readyState === WebSocket.OPEN) this.ask(collection, topic);
      else this.connect();
    }
    const joined = topic;
    joined.listeners.add(listener);
    return () => {
      joined.listeners.delete(listener);
      if (joined.listeners.size === 0 && this.topics.get(collection) === joined) this.leave(collection);
    };
  }

  stateOf(collection: string): LiveState {
    return this.topics.get(collection)?.state ?? 'connecting';
  }

  /** Calls `watcher` when a state changes. */
  watch(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => {
      this.watchers.delete(watcher);
    };
  }

  /** Somebody else is signed in, or nobody: nothing of before counts. */
  personChanged() {
    for (const topic of this.topics.values()) Object.assign(topic, { last: null, state: 'connecting' });
    this.drop();
    this.attempts = 0;
    this.connect();
  }

  /** Tries again at once where it waits for that. */
  wake() {
    if (this.socket || this.topics.size === 0) return;
    this.attempts = 0;
    this.connect();
  }

  private leave(collection: string) {
    this.topics.delete(collection);
    if (this.socket?.readyState === WebSocket.OPEN) this.say({ action: 'unsubscribe', collection });
    if (this.topics.size > 0) return;
    this.idle = setTimeout(() => this.topics.size === 0 && this.drop(), IDLE);
  }

  private connect() {
    clearTimeout(this.retry);
    const token = this.dependencies.token();
    if (this.socket || token === null || this.topics.size === 0) return;
    this.usedToken = token;
    const socket = this.dependencies.open(token);
    this.socket = socket;
    socket.onopen = () => {
      this.taken = true;
      this.heard();
      for (const [collection, topic] of this.topics) this.ask(collection, topic);
    };
    socket.onmessage = ({ data }) => {
      this.heard();
      this.take(String(data));
    };
    socket.onclose = ({ code, reason }) => {
      if (this.socket !== socket) return;
      this.drop();
      this.setStates('interrupted');
      void this.recover(code, reason);
    };
  }

  private async recover(code: number, reason: string) {
    if (!this.taken && this.attempts + 1 >= MOST_FAILURES) {
      this.setStates('unavailable');
      return;
    }
    const pause = Math.min(FIRST_PAUSE * 2 ** this.attempts, LONGEST_PAUSE);
    this.attempts += 1;
    if (code === REFUSED && !reason.startsWith('Origin')) {
      const refused = this.usedToken;
      await this.dependencies.renew(refused);
      const token = this.dependencies.token();
      // Without a session there is nothing to do before somebody signs in.
      if (token === null) return;
      if (token !== refused) return this.connect();
    }
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.connect(), pause * (0.75 + Math.random() / 2));
  }

  private ask(collection: string, { last }: Topic) {
    this.say({ action: 'subscribe', collection, ...(last !== null && { since: last }) });
  }

  private say(message: object) {
    this.socket?.send(JSON.stringify(message));
  }

  private take(text: string) {
    const message = readMessage(text);
    const topic = message && this.topics.get(message.collection);
    if (!topic) return;
    switch (message.kind) {
      case 'subscribed': {
        this.attempts = 0;
        const gap = topic.interrupted && topic.last === null;
        topic.interrupted = false;
        this.setState(topic, 'live');
        if (gap) for (const listener of topic.listeners) listener.onReset();
        return;
      }
      case 'reset':
        for (const listener of topic.listeners) listener.onReset();
        return;
      case 'denied':
        this.setState(topic, 'denied');
        return;
      case 'event':
        topic.last = message.eventId ?? topic.last;
        for (const listener of topic.listeners) listener.onEvent(message.event);
    }
  }

  private heard() {
    clearTimeout(this.watchdog);
    this.watchdog = setTimeout(() => {
      this.drop();
      this.setStates('interrupted');
      this.connect();
    }, SILENCE);
  }

  private drop() {
    const { socket } = this;
    this.socket = null;
    clearTimeout(this.watchdog);
    clearTimeout(this.retry);
    for (const topic of this.topics.values()) topic.interrupted ||= topic.state === 'live';
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }

  private setState(topic: Topic, state: LiveState) {
    if (topic.state === state) return;
    topic.state = state;
    for (const watcher of this.watchers) watcher();
  }

  private setStates(state: LiveState) {
    for (const topic of this.topics.values()) this.setState(topic, state);
  }
}
