import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { answerRequests } from '@/test-server';
import { ApiKeyForm } from './api-key-form';

function show() {
  const onDone = vi.fn();
  render(
    <QueryClientProvider client={new QueryClient()}>
      <ApiKeyForm onDone={onDone} />
    </QueryClientProvider>,
  );
  return onDone;
}

afterEach(() => vi.unstubAllGlobals());

describe('ApiKeyForm', () => {
  it('makes a key that never expires and shows it', async () => {
    const calls = answerRequests(() =>
      Response.json(
        { name: 'import', id: 'k', key: 'sb_ak.payload.signature', expires_at: null, created_at: '' },
        { status: 201 },
      ),
    );
    const onDone = show();
    await userEvent.type(screen.getByLabelText(/^Name/), 'import');
    await userEvent.selectOptions(screen.getByLabelText(/^Expires/), 'never');
    await userEvent.click(screen.getByRole('button', { name: 'Create key' }));
    expect(await screen.findByLabelText('API key')).toHaveValue('sb_ak.payload.signature');
    expect(calls[0]).toEqual({
      method: 'POST',
      path: '/api/v1/admin/api-keys',
      body: { name: 'import', expires_at: null },
    });
    expect(onDone).not.toHaveBeenCalled();
    await userEvent.click(screen.getByRole('button', { name: 'Done' }));
    expect(onDone).toHaveBeenCalledOnce();
  });

  it('shows the refusal of the server above the form', async () => {
    answerRequests(() => Response.json({ detail: 'Maximum number of API keys reached (10)' }, { status: 400 }));
    show();
    await userEvent.type(screen.getByLabelText(/^Name/), 'import');
    await userEvent.click(screen.getByRole('button', { name: 'Create key' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('Maximum number of API keys reached (10)');
  });

  it('wants a day when one is to be chosen', async () => {
    const calls = answerRequests(() => Response.json({}));
    show();
    await userEvent.type(screen.getByLabelText(/^Name/), 'import');
    await userEvent.selectOptions(screen.getByLabelText(/^Expires/), 'day');
    await userEvent.click(screen.getByRole('button', { name: 'Create key' }));
    expect(await screen.findByText('Enter a date.')).toBeInTheDocument();
    expect(calls).toEqual([]);
  });
});
