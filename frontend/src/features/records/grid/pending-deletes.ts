/** How long a deletion can be taken back, in milliseconds. */
export const UNDO_TIME = 6_000;

interface Doomed {
  collection: string;
  id: string;
  timer: ReturnType<typeof setTimeout>;
}

type Send = (collection: string, id: string) => Promise<void>;

/**
 * Deletions that are carried out a little later, so that they can be taken back until then. The records are hidden
 * in the meantime; one whose deletion is refused shows again.
 */
export class PendingDeletes {
  private readonly waiting = new Map<string, Doomed>();
  private hidden: ReadonlySet<string> = new Set();
  private readonly watchers = new Set<() => void>();

  constructor(
    private readonly send: Send,
    private readonly refused: (collection: string, id: string, error: unknown) => void,
  ) {}

  add(collection: string, id: string) {
    if (this.hidden.has(id)) return;
    const timer = setTimeout(() => void this.carryOut(id), UNDO_TIME);
    this.waiting.set(id, { collection, id, timer });
    this.hide(id, true);
  }

  /** Takes a deletion back; false when it is too late. */
  undo(id: string): boolean {
    const doomed = this.waiting.get(id);
    if (!doomed) return false;
    clearTimeout(doomed.timer);
    this.waiting.delete(id);
    this.hide(id, false);
    return true;
  }

  /** Carries out at once what is waiting: the person goes elsewhere. */
  flush() {
    for (const id of [...this.waiting.keys()]) void this.carryOut(id);
  }

  /** Ids of the records not to show. */
  ids = () => this.hidden;

  watch = (watcher: () => void) => {
    this.watchers.add(watcher);
    return () => {
      this.watchers.delete(watcher);
    };
  };

  private async carryOut(id: string) {
    const doomed = this.waiting.get(id);
    if (!doomed) return;
    clearTimeout(doomed.timer);
    this.waiting.delete(id);
    try {
      await this.send(doomed.collection, id);
    } catch (error) {
      this.refused(doomed.collection, id, error);
    }
    this.hide(id, false);
  }

  private hide(id: string, hidden: boolean) {
    const next = new Set(this.hidden);
    if (hidden) next.add(id);
    else next.delete(id);
    this.hidden = next;
    for (const watcher of this.watchers) watcher();
  }
}
