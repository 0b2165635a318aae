import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PendingDeletes, UNDO_TIME } from './pending-deletes';

const send = vi.fn<(collection: string, id: string) => Promise<void>>();
const refused = vi.fn();
const make = () => new PendingDeletes(send, refused);

beforeEach(() => {
  vi.useFakeTimers();
  send.mockReset().mockResolvedValue(undefined);
  refused.mockReset();
});
afterEach(() => vi.useRealTimers());

describe('PendingDeletes', () => {
  it('hides at once and deletes later', async () => {
    const pending = make();
    const seen = vi.fn();
    pending.watch(seen);
    pending.add('books', '1');
    expect([...pending.ids()]).toEqual(['1']);
    expect(send).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(UNDO_TIME);
    expect(send).toHaveBeenCalledWith('books', '1');
    expect(pending.ids().size).toBe(0);
    expect(seen).toHaveBeenCalledTimes(2);
  });

  it('deletes nothing that was taken back', async () => {
    const pending = make();
    pending.add('books', '1');
    expect(pending.undo('1')).toBe(true);
    expect(pending.ids().size).toBe(0);
    await vi.advanceTimersByTimeAsync(UNDO_TIME * 2);
    expect(send).not.toHaveBeenCalled();
    expect(pending.undo('1')).toBe(false);
  });

  it('deletes at once when the page is left, and once only', async () => {
    const pending = make();
    pending.add('books', '1');
    pending.add('books', '2');
    pending.flush();
    expect(send).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(UNDO_TIME * 2);
    expect(send).toHaveBeenCalledTimes(2);
  });

  it('shows a record again whose deletion is refused', async () => {
    send.mockRejectedValue(new Error('referenced'));
    const pending = make();
    pending.add('books', '1');
    await vi.advanceTimersByTimeAsync(UNDO_TIME);
    expect(refused).toHaveBeenCalledWith('books', '1', new Error('referenced'));
    expect(pending.ids().size).toBe(0);
  });
});
