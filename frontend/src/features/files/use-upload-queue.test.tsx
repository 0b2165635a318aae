import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, renderHook, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { catchUploads } from '@/test-server';
import { useUploadQueue } from './use-upload-queue';

const file = (name: string) => new File(['x'], name, { type: 'text/plain' });
const reply = { success: true, file: { filename: 'a.txt', size: 1, mime_type: 'text/plain', path: 'acc/1.txt' } };

function queue() {
  const client = new QueryClient();
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>{children}</QueryClientProvider>
  );
  return renderHook(() => useUploadQueue(), { wrapper });
}

afterEach(() => vi.unstubAllGlobals());

describe('useUploadQueue', () => {
  it('sends one file after the other and goes on after a refusal', async () => {
    const uploads = catchUploads();
    const { result } = queue();
    const states = () => result.current.items.map(({ state }) => state);
    act(() => result.current.add([file('a.txt'), file('b.txt')], undefined));
    await waitFor(() => expect(uploads).toHaveLength(1));
    expect(states()).toEqual(['sending', 'waiting']);
    act(() => uploads[0]?.answer(400, { detail: 'No.' }));
    await waitFor(() => expect(uploads).toHaveLength(2));
    expect(result.current.items[0]).toMatchObject({ state: 'failed', message: 'No.' });
    act(() => uploads[1]?.answer(201, reply));
    await waitFor(() => expect(states()).toEqual(['failed', 'done']));
    act(() => result.current.clear());
    expect(result.current.items).toEqual([]);
  });

  it('leaves out what was cancelled while it waited, and ends what is under way', async () => {
    const uploads = catchUploads();
    const { result } = queue();
    act(() => result.current.add([file('a.txt'), file('b.txt'), file('c.txt')], undefined));
    await waitFor(() => expect(uploads).toHaveLength(1));
    act(() => result.current.cancel(2));
    act(() => result.current.cancel(1));
    expect(uploads[0]?.aborted).toBe(true);
    await waitFor(() => expect(uploads).toHaveLength(2));
    expect(await uploads[1]?.body.text()).toContain('filename="c.txt"');
    expect(result.current.items.map(({ state }) => state)).toEqual(['stopped', 'stopped', 'sending']);
  });

  it('ends with the page', async () => {
    const uploads = catchUploads();
    const { result, unmount } = queue();
    act(() => result.current.add([file('a.txt')], undefined));
    await waitFor(() => expect(uploads).toHaveLength(1));
    unmount();
    expect(uploads[0]?.aborted).toBe(true);
  });
});
