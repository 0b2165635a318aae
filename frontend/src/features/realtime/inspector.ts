import { t } from '@/shared/i18n';
import { type Entry, explainClose, isFinal, type Kind, kindOf, type Message, titleOf } from './messages';
import {
  nameFor,
  streamQuery,
  subscribeMessage,
  type Subscription,
  unsubscribeMessage,
  type Wanted,
} from './subscription';
import { openSocket, openStream, type Wire } from './transport';

export type Transport = 'websocket' | 'sse';
export type Status = 'closed' | 'connecting' | 'open' | 'waiting';

export interface Channel {
  name: string;
  members: { id: string; user: string; meta: unknown }[];
  /** Which of the members this connection is. */
  own?: string;
}

export interface InspectorState {
  transport: Transport;
  status: Status;
  /** When the connection opened. */
  since: number | null;
  lastHeartbeat: number | null;
  lastEventId: string | null;
  /** How the last connection ended, in words. */
  ending: string | null;
  /** Messages that came, since the page is open. */
  received: number;
  /** Whether the connection comes back by itself. */
  keepsTrying: boolean;
  subscriptions: Subscription[];
  channels: Channel[];
  /** The newest last. */
  entries: Entry[];
}

/** Lines that are kept; the oldest give way. */
export const MOST_ENTRIES = 2000;
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 30_000;

const initial: InspectorState = {
  transport: 'websocket',
  status: 'closed',
  since: null,
  lastHeartbeat: null,
  lastEventId: null,
  ending: null,
  received: 0,
  keepsTrying: true,
  subscriptions: [],
  channels: [],
  entries: [],
};

const word = (value: unknown) => (typeof value === 'string' ? value : '');

/** A connection to the realtime API as it is on the wire, with a log of all that comes and goes. */
export class Inspector {
  private state = initial;
  private readonly listeners = new Set<() => void>();
  private wire: Wire | null = null;
  private numbered = 0;
  private pause = FIRST_PAUSE;
  private timer: number | undefined;

  /** `getToken` gives a token that is valid now. */
  constructor(private readonly getToken: () => Promise<string>) {}

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  };

  readonly snapshot = () => this.state;

  /** Opens the connection; `resume` asks for what happened after the last event that came. */
  async connect(resume: boolean) {
    if (this.state.status === 'connecting' || this.state.status === 'open') return;
    window.clearTimeout(this.timer);
    const since = resume ? (this.state.lastEventId ?? undefined) : undefined;
    this.change({ status: 'connecting', ending: null });
    this.note(since === undefined ? t('realtime.log.connecting') : t('realtime.log.resuming', { id: since }));
    const token = await this.getToken();
    // It may have been called off meanwhile.
    if ((this.state.status as Status) !== 'connecting') return;
    const hearing = {
      onOpen: () => this.opened(since),
      onMessage: (message: Message) => this.heard(message),
      onClose: (code: number, reason: string) => this.closed(wire, code, reason),
    };
    const wire: Wire =
      this.state.transport === 'websocket'
        ? openSocket(token, hearing)
        : openStream(token, streamQuery(this.state.subscriptions), since, hearing);
    this.wire = wire;
  }

  /** Ends the connection on purpose. What was subscribed to stays for the next one. */
  disconnect() {
    window.clearTimeout(this.timer);
    const { wire } = this;
    this.wire = null;
    wire?.close();
    if (this.state.status === 'closed') return;
    this.note(t('realtime.log.disconnected'));
    this.change({ status: 'closed', since: null, channels: [], subscriptions: this.waiting() });
  }

  setTransport(transport: Transport) {
    if (transport === this.state.transport) return;
    this.disconnect();
    this.change({ transport });
  }

  setKeepsTrying(keepsTrying: boolean) {
    if (!keepsTrying && this.state.status === 'waiting') this.disconnect();
    this.change({ keepsTrying });
  }

  clear() {
    this.change({ entries: [] });
  }

  add(wanted: Wanted) {
    const others = this.state.subscriptions;
    const id = nameFor(
      wanted,
      others.map((subscription) => subscription.id),
    );
    const fresh: Subscription = { ...wanted, id, state: 'waiting' };
    this.change({ subscriptions: [...others.filter((subscription) => subscription.id !== id), fresh] });
    if (this.state.status !== 'open') return;
    if (this.wire?.send) this.send(subscribeMessage(fresh));
    else this.reopen();
  }

  remove(subscription: Subscription) {
    this.change({ subscriptions: this.state.subscriptions.filter((other) => other.id !== subscription.id) });
    if (this.state.status !== 'open') return;
    if (!this.wire?.send) this.reopen();
    else if (subscription.state !== 'refused') this.send(unsubscribeMessage(subscription));
  }

  /** Sends a message as it is; only by WebSocket. */
  send(message: Message) {
    if (this.state.status !== 'open' || !this.wire?.send) return;
    this.wire.send(message);
    this.log('sent', word(message.action), message);
  }

  /** A stream's subscriptions stand in its address, so it begins anew, where it was. */
  private reopen() {
    const { wire } = this;
    this.wire = null;
    wire?.close();
    this.change({ status: 'closed' });
    void this.connect(true);
  }

  private opened(since: string | undefined) {
    this.pause = FIRST_PAUSE;
    this.change({ status: 'open', since: Date.now() });
    this.note(t('realtime.log.open'));
    if (this.wire?.send) {
      for (const subscription of this.state.subscriptions) this.send(subscribeMessage(subscription, since));
    } else {
      this.change({
        subscriptions: this.state.subscriptions.map((subscription) => ({ ...subscription, state: 'active' as const })),
      });
    }
  }

  private heard(message: Message) {
    const kind = kindOf(message);
    this.change({
      received: this.state.received + 1,
      ...(kind === 'heartbeat' && { lastHeartbeat: Date.now() }),
      ...(typeof message.event_id === 'string' && { lastEventId: message.event_id }),
    });
    this.log(kind, titleOf(message), message);
    this.applyReply(message);
    this.applyChannel(message);
  }

  private applyReply(message: Message) {
    const id = word(message.id) || word(message.collection);
    if (id === '') return;
    const refused = message.error !== undefined;
    if (!refused && message.status !== 'subscribed') return;
    const problem = [word(message.error), word(message.message)].filter(Boolean).join(': ');
    this.change({
      subscriptions: this.state.subscriptions.map((subscription) =>
        subscription.id === id
          ? { ...subscription, state: refused ? 'refused' : 'active', problem: refused ? problem : undefined }
          : subscription,
      ),
    });
  }

  private applyChannel(message: Message) {
    const name = word(message.channel);
    if (name === '') return;
    const others = this.state.channels.filter((channel) => channel.name !== name);
    const known = this.state.channels.find((channel) => channel.name === name);
    if (message.type === 'joined') {
      const members = (message.members as Message[]).map(readMember);
      this.change({ channels: [...others, { name, members, own: word(message.member) }] });
    } else if (message.type === 'left') this.change({ channels: others });
    else if (known && word(message.type).startsWith('presence.')) {
      const member = readMember((message.member ?? {}) as Message);
      const rest = known.members.filter((other) => other.id !== member.id);
      const members = message.type === 'presence.leave' ? rest : [...rest, member];
      this.change({
        channels: this.state.channels.map((channel) => (channel.name === name ? { ...channel, members } : channel)),
      });
    }
  }

  private closed(wire: Wire, code: number, reason: string) {
    // One that was ended on purpose, or replaced.
    if (this.wire !== wire) return;
    this.wire = null;
    const ending = explainClose(code, reason);
    this.log('state', t('realtime.log.closed', { code, reason: reason || t('realtime.log.noReason') }), {
      code,
      reason,
    });
    this.change({ since: null, ending, channels: [], subscriptions: this.waiting() });
    // A stream is refused as a whole, for one of its subscriptions.
    const denied = /^Subscription denied: (.+)$/.exec(reason)?.[1];
    if (denied !== undefined) this.applyReply({ error: 'Subscription denied', collection: denied });
    if (isFinal(code, reason) || !this.state.keepsTrying) return this.change({ status: 'closed' });
    this.change({ status: 'waiting' });
    this.note(t('realtime.log.retry', { seconds: Math.round(this.pause / 1000) }));
    this.timer = window.setTimeout(() => void this.connect(true), this.pause);
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
  }

  private waiting(): Subscription[] {
    return this.state.subscriptions.map((subscription) => ({ ...subscription, state: 'waiting', problem: undefined }));
  }

  private note(title: string) {
    this.log('state', title);
  }

  private log(kind: Kind, title: string, message?: Message) {
    this.numbered += 1;
    const entry: Entry = { number: this.numbered, at: Date.now(), kind, title, message };
    this.change({ entries: [...this.state.entries.slice(1 - MOST_ENTRIES), entry] });
  }

  private change(part: Partial<InspectorState>) {
    this.state = { ...this.state, ...part };
    for (const listener of this.listeners) listener();
  }
}

function readMember(member: Message) {
  return { id: word(member.id), user: word(member.user_id), meta: member.meta };
}
