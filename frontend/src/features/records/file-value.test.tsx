import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { answerRequests } from '@/test-server';
import { FileValue } from './file-value';
import type { StoredFile } from '@/shared/files/stored-file';

const text: StoredFile = { filename: 'a <b>.txt', size: 14, mime_type: 'text/plain', path: 'acc/1.txt' };
const photo: StoredFile = { filename: 'photo.png', size: 3, mime_type: 'image/png', path: 'acc/2.png' };
const png = () => new Response(new Blob(['png'], { type: 'image/png' }), { headers: { 'Content-Type': 'image/png' } });

function show(file: StoredFile) {
  return render(
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <FileValue file={file} />
    </QueryClientProvider>,
  );
}

afterEach(() => vi.unstubAllGlobals());

describe('FileValue', () => {
  it('shows a picture small, and large in its preview', async () => {
    const calls = answerRequests(png);
    const { container } = show(photo);
    await waitFor(() => expect(container.querySelector('img')?.src).toBe('data:image/png;base64,cG5n'));
    await userEvent.click(screen.getByRole('button', { name: 'Show photo.png' }));
    expect(await screen.findByRole('img', { name: 'photo.png' })).toBeInTheDocument();
    expect(screen.getByRole('dialog')).toHaveTextContent('3 bytes · image/png');
    expect(calls.map(({ path }) => path)).toEqual(['/api/v1/files/acc/2.png?thumb=96x96', '/api/v1/files/acc/2.png']);
  });

  it('asks for a large picture in a size for the window', async () => {
    const calls = answerRequests(png);
    show({ ...photo, size: 5_000_000 });
    await userEvent.click(screen.getByRole('button', { name: 'Show photo.png' }));
    await screen.findByRole('img', { name: 'photo.png' });
    expect(calls.at(-1)?.path).toBe('/api/v1/files/acc/2.png?thumb=2048x2048f');
  });

  it('shows the icon of the type when there is no small picture', async () => {
    const calls = answerRequests(() => Response.json({ detail: 'No thumbnail can be made' }, { status: 400 }));
    const { container } = show(photo);
    await waitFor(() => expect(calls).toHaveLength(1));
    expect(container.querySelector('img')).toBeNull();
    expect(container.querySelector('svg')).not.toBeNull();
  });

  it('never shows as a picture what the server calls otherwise', async () => {
    answerRequests(() => new Response('<svg/>', { headers: { 'Content-Type': 'image/svg+xml' } }));
    const { container } = show(photo);
    await userEvent.click(screen.getByRole('button', { name: 'Show photo.png' }));
    expect(await screen.findByText('This file is no picture that can be shown.')).toBeInTheDocument();
    expect(container.querySelector('img')).toBeNull();
  });

  it('shows a text as text', async () => {
    answerRequests(() => new Response('<b>hello</b>'));
    show(text);
    await userEvent.click(screen.getByRole('button', { name: 'Show a <b>.txt' }));
    expect(await screen.findByRole('region', { name: 'Text of a <b>.txt' })).toHaveTextContent('<b>hello</b>');
  });

  it('tells why there is no preview', async () => {
    const calls = answerRequests(() => new Response(''));
    show({ ...text, size: 0 });
    await userEvent.click(screen.getByRole('button', { name: 'Show a <b>.txt' }));
    expect(screen.getByText('This file is empty.')).toBeInTheDocument();
    expect(calls).toEqual([]);
  });

  it('downloads under the name of the upload and lets go of the bytes', async () => {
    answerRequests(() => new Response('<b>hello</b>'));
    const links: HTMLAnchorElement[] = [];
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      links.push(this);
    });
    vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:one');
    const revoke = vi.spyOn(URL, 'revokeObjectURL').mockReturnValue();
    show(text);
    await userEvent.click(screen.getByRole('button', { name: 'Show a <b>.txt' }));
    await screen.findByRole('region');
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    try {
      screen.getByRole('button', { name: 'Download' }).click();
      await vi.waitFor(() => expect(links).toHaveLength(1));
      expect(links[0]).toMatchObject({ href: 'blob:one', download: 'a <b>.txt' });
      vi.advanceTimersByTime(60_000);
      expect(revoke).toHaveBeenCalledWith('blob:one');
    } finally {
      vi.useRealTimers();
    }
  });
});
