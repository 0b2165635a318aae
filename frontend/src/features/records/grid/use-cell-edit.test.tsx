import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, renderHook, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Toaster } from 'sonner';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Collection, FieldDefinition, RecordPage, RecordRow } from '@/shared/api/types';
import { answerRequests } from '@/test-server';
import { recordList } from '../api/list-records';
import { useCellEdit } from './use-cell-edit';

const title = { name: 'title', type: 'text' } as FieldDefinition;
const collection = { name: 'books', schema: [title] } as Collection;
const row = { id: '1', title: 'Old', account_name: 'Bakery', updated_at: 't1' } as unknown as RecordRow;
const list = recordList({ collection: 'books', page: 1, size: 25, filter: '', expand: [] }).queryKey;

/** A server with one record, whose version is its number. */
function serve(stored: { title: string; version: number }, refuse?: Response) {
  return answerRequests(({ method, body }) => {
    if (method === 'PATCH') {
      if (refuse) return refuse;
      Object.assign(stored, body, { version: stored.version + 1 });
    }
    return Response.json(
      { id: '1', title: stored.title, account_name: null, updated_at: `t${stored.version}` },
      { headers: { ETag: `"${stored.version}"` } },
    );
  });
}

function setUp() {
  const client = new QueryClient();
  client.setQueryData(list, { items: [row], total: 1, skip: 0, limit: 25 });
  const { result } = renderHook(() => useCellEdit(collection), {
    wrapper: ({ children }) => (
      <QueryClientProvider client={client}>
        {children}
        <Toaster />
      </QueryClientProvider>
    ),
  });
  return { save: result.current, shown: () => client.getQueryData<RecordPage>(list)?.items[0] };
}

afterEach(() => vi.unstubAllGlobals());

describe('useCellEdit', () => {
  it('shows a value at once, saves it, and undoes it', async () => {
    const calls = serve({ title: 'Old', version: 1 });
    const { save, shown } = setUp();
    let done: Promise<void> | undefined;
    act(() => {
      done = save({ row, field: title, value: 'New' });
    });
    expect(shown()?.title).toBe('New');
    await act(async () => done);
    expect(shown()).toMatchObject({ title: 'New', account_name: 'Bakery', updated_at: 't2' });
    await userEvent.click(await screen.findByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(shown()).toMatchObject({ title: 'Old', updated_at: 't3' }));
    expect(calls.map(({ method }) => method)).toEqual(['GET', 'PATCH', 'PATCH']);
  });

  it('takes a refused value back and says why', async () => {
    serve(
      { title: 'Old', version: 1 },
      Response.json({ error: 'Validation error', details: [{ field: 'title', message: 'Too odd' }] }, { status: 400 }),
    );
    const { save, shown } = setUp();
    await act(() => save({ row, field: title, value: 'New' }));
    expect(shown()?.title).toBe('Old');
    await screen.findByText(/Too odd/);
  });

  it('overwrites nobody unasked', async () => {
    const stored = { title: 'Theirs', version: 2 };
    const calls = serve(stored);
    const { save, shown } = setUp();
    await act(() => save({ row, field: title, value: 'Mine' }));
    expect(stored.title).toBe('Theirs');
    expect(shown()?.title).toBe('Theirs');
    expect(calls.map(({ method }) => method)).toEqual(['GET']);
    await userEvent.click(await screen.findByRole('button', { name: 'Overwrite' }));
    await waitFor(() => expect(stored.title).toBe('Mine'));
  });
});
