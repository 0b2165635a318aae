import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { setSession } from '@/shared/api/session';
import { Field } from '@/shared/ui/field';
import { catchUploads } from '@/test-server';
import { FileControl } from './file-control';

const stored = { filename: 'notes.txt', size: 2048, mime_type: 'text/plain', path: 'acc/1.txt' };
const OWN = 'own-account';
const notes = new File(['hello'], 'notes.txt', { type: 'text/plain' });

function Form({ onChange, onBusy, clearable, before, accountId }: Parameters<typeof show>[0] & object) {
  const [value, setValue] = useState(before ?? '');
  const [error, setError] = useState<string>();
  return (
    <Field label="Paper" error={error}>
      {(control) => (
        <FileControl
          ref={null}
          {...control}
          value={value}
          onChange={(next) => {
            setValue(next);
            onChange?.(next);
          }}
          clearable={clearable ?? true}
          accountId={accountId ?? OWN}
          onBusyChange={(busy) => onBusy?.(busy)}
          onRefusal={setError}
        />
      )}
    </Field>
  );
}

function show(
  options: {
    onChange?: (value: string) => void;
    onBusy?: (busy: boolean) => void;
    clearable?: boolean;
    before?: string;
    accountId?: string;
  } = {},
) {
  return render(
    <QueryClientProvider client={new QueryClient()}>
      <Form {...options} />
    </QueryClientProvider>,
  );
}

const input = () => screen.getByLabelText(/Paper/, { selector: 'input' });

beforeEach(() =>
  setSession({
    token: 't',
    refreshToken: 'r',
    user: { id: 'u', email: 'ann@example.com', role: 'admin' },
    account: { id: OWN, slug: 'system', name: 'System' },
  }),
);
afterEach(() => {
  setSession(null);
  vi.unstubAllGlobals();
});

describe('FileControl', () => {
  it('uploads a chosen file at once and shows how far it is', async () => {
    const uploads = catchUploads();
    const onChange = vi.fn();
    const onBusy = vi.fn();
    show({ onChange, onBusy });
    await userEvent.upload(input(), notes);
    await waitFor(() => expect(uploads).toHaveLength(1));
    expect(uploads[0]).toMatchObject({ method: 'POST', url: expect.stringMatching(/\/api\/v1\/files\/upload$/) });
    expect(uploads[0]?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    expect(await uploads[0]?.body.text()).toContain('filename="notes.txt"');
    expect(screen.getByRole('status')).toHaveTextContent('notes.txt is being uploaded.');
    uploads[0]?.progress(3, 4);
    const bar = await screen.findByRole('progressbar', { name: 'Upload of notes.txt' });
    await waitFor(() => expect(bar).toHaveAttribute('aria-valuenow', '75'));
    expect(onBusy.mock.calls).toEqual([[true]]);
    uploads[0]?.answer(201, { success: true, file: stored });
    expect(await screen.findByText('2 kB · text/plain')).toBeInTheDocument();
    expect(screen.getByRole('status')).toHaveTextContent('notes.txt is uploaded.');
    expect(onChange).toHaveBeenCalledExactlyOnceWith(JSON.stringify(stored));
    expect(onBusy.mock.calls).toEqual([[true], [false]]);
  });

  it('takes a file that is dropped', async () => {
    const uploads = catchUploads();
    const { container } = show();
    const target = container.querySelector('input')?.parentElement as HTMLElement;
    fireEvent.drop(target, { dataTransfer: { files: [notes] } });
    await waitFor(() => expect(uploads).toHaveLength(1));
  });

  it('shows the refusal of the server at the field, and takes another file', async () => {
    const uploads = catchUploads();
    const onChange = vi.fn();
    show({ onChange });
    await userEvent.upload(input(), notes);
    await waitFor(() => expect(uploads).toHaveLength(1));
    uploads[0]?.answer(400, { detail: "File type 'text/html' is not allowed. Allowed types: image/png" });
    expect(await screen.findByRole('alert')).toHaveTextContent("File type 'text/html' is not allowed.");
    expect(input()).toHaveAttribute('aria-invalid', 'true');
    expect(onChange).not.toHaveBeenCalled();
    await userEvent.upload(input(), notes);
    await waitFor(() => expect(uploads).toHaveLength(2));
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });

  it('keeps the file there was when an upload is cancelled', async () => {
    const uploads = catchUploads();
    const onChange = vi.fn();
    show({ onChange, before: JSON.stringify({ ...stored, filename: 'before.txt' }) });
    await userEvent.upload(input(), notes);
    await waitFor(() => expect(uploads).toHaveLength(1));
    await userEvent.click(screen.getByRole('button', { name: 'Cancel the upload' }));
    expect(uploads[0]?.aborted).toBe(true);
    expect(screen.getByText('before.txt')).toBeInTheDocument();
    expect(input()).toHaveFocus();
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
    expect(onChange).not.toHaveBeenCalled();
  });

  it('ends an upload when another file is chosen, and when it goes', async () => {
    const uploads = catchUploads();
    const onChange = vi.fn();
    const { unmount } = show({ onChange });
    await userEvent.upload(input(), notes);
    await waitFor(() => expect(uploads).toHaveLength(1));
    await userEvent.upload(input(), new File(['x'], 'other.txt', { type: 'text/plain' }));
    await waitFor(() => expect(uploads).toHaveLength(2));
    expect(uploads.map(({ aborted }) => aborted)).toEqual([true, false]);
    unmount();
    expect(uploads[1]?.aborted).toBe(true);
    expect(onChange).not.toHaveBeenCalled();
  });

  it('removes a file, unless there must be one', async () => {
    const onChange = vi.fn();
    const { unmount } = show({ onChange, before: JSON.stringify(stored) });
    await userEvent.click(screen.getByRole('button', { name: 'Remove file' }));
    expect(onChange).toHaveBeenCalledExactlyOnceWith('');
    expect(screen.getByText('Choose a file or drop it here')).toBeInTheDocument();
    expect(input()).toHaveFocus();
    unmount();
    show({ before: JSON.stringify(stored), clearable: false });
    expect(screen.queryByRole('button', { name: 'Remove file' })).not.toBeInTheDocument();
  });

  it('names the account before the file where it is another one', async () => {
    const uploads = catchUploads();
    show({ accountId: 'other-account' });
    await userEvent.upload(input(), notes);
    await waitFor(() => expect(uploads).toHaveLength(1));
    const sent = (await uploads[0]?.body.text()) ?? '';
    expect(sent).toContain('other-account');
    expect(sent.indexOf('name="account_id"')).toBeLessThan(sent.indexOf('name="file"'));
  });

  it('leaves the account out where it is the own one', async () => {
    const uploads = catchUploads();
    show();
    await userEvent.upload(input(), notes);
    await waitFor(() => expect(uploads).toHaveLength(1));
    expect(await uploads[0]?.body.text()).not.toContain('account_id');
  });

  it('shows a masked value as it is', () => {
    show({ before: '****' });
    expect(screen.getByText('****')).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: /^Download/ })).not.toBeInTheDocument();
  });
});
