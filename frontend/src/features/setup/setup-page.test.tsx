import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { answerRequests } from '@/test-server';
import { SetupPage } from './setup-page';

function show() {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <SetupPage token="from-address" onDone={vi.fn()} />
    </QueryClientProvider>,
  );
}

async function fill(password: string, repeat: string) {
  await userEvent.type(screen.getByLabelText(/^E-mail/), 'ann@example.com');
  await userEvent.type(screen.getByLabelText(/^Password/), password);
  await userEvent.type(screen.getByLabelText(/^Repeat password/), repeat);
  await userEvent.click(screen.getByRole('button', { name: 'Create superadmin' }));
}

afterEach(() => vi.unstubAllGlobals());

describe('SetupPage', () => {
  it('begins with the token of the address', () => {
    show();
    expect(screen.getByLabelText(/^Setup token/)).toHaveValue('from-address');
  });

  it('marks the password rules as they are met', async () => {
    show();
    expect(screen.getByText('A digit').closest('li')).toHaveTextContent('(not met yet)');
    await userEvent.type(screen.getByLabelText(/^Password/), '7');
    expect(screen.getByText('A digit').closest('li')).toHaveTextContent('(met)');
  });

  it('does not send passwords that differ', async () => {
    const calls = answerRequests(() => Response.json({}));
    show();
    await fill('Correct-horse-7', 'Correct-horse-8');
    expect(await screen.findByText('The two passwords differ.')).toBeInTheDocument();
    expect(calls).toEqual([]);
  });

  it('shows faults at their fields and a refused token above the form', async () => {
    let refusal = Response.json(
      { error: 'Validation error', details: [{ field: 'email', message: 'Not deliverable', code: 'invalid' }] },
      { status: 400 },
    );
    answerRequests(() => refusal);
    show();
    await fill('Correct-horse-7', 'Correct-horse-7');
    expect(await screen.findByText('Not deliverable')).toBeInTheDocument();

    refusal = Response.json({ detail: 'Invalid setup token' }, { status: 403 });
    await userEvent.click(screen.getByRole('button', { name: 'Create superadmin' }));
    expect(await screen.findByText('Invalid setup token')).toBeInTheDocument();
  });
});
