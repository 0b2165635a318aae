import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { getSession, setSession } from '@/shared/api/session';
import { answerRequests } from '@/test-server';
import { SignInForm } from './sign-in-form';

function show(onDone = vi.fn()) {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <SignInForm onDone={onDone} />
    </QueryClientProvider>,
  );
  return onDone;
}

async function signIn() {
  await userEvent.type(screen.getByLabelText(/^E-mail/), 'ann@example.com');
  await userEvent.type(screen.getByLabelText(/^Password/), 'secret');
  await userEvent.click(screen.getByRole('button', { name: 'Sign in' }));
}

afterEach(() => {
  setSession(null);
  vi.unstubAllGlobals();
});

describe('SignInForm', () => {
  it('signs in to the system account unless told otherwise, and keeps the session', async () => {
    const calls = answerRequests(() =>
      Response.json({
        token: 't',
        refresh_token: 'r',
        expires_in: 3600,
        account: { id: 'a', slug: 'system', name: 'System Account', created_at: '' },
        user: { id: 'u', email: 'ann@example.com', role: 'admin', is_active: true, created_at: '' },
      }),
    );
    const onDone = show();
    await signIn();
    expect(calls).toEqual([
      {
        method: 'POST',
        path: '/api/v1/auth/login',
        body: { account: 'system', email: 'ann@example.com', password: 'secret' },
      },
    ]);
    expect(getSession()).toMatchObject({ token: 't', refreshToken: 'r', account: { slug: 'system' } });
    expect(onDone).toHaveBeenCalledOnce();
  });

  it('shows the refusal of the server', async () => {
    answerRequests(() =>
      Response.json({ error: 'Authentication failed', message: 'Invalid credentials' }, { status: 401 }),
    );
    const onDone = show();
    await signIn();
    expect(await screen.findByRole('alert')).toHaveTextContent('Invalid credentials');
    expect(onDone).not.toHaveBeenCalled();
  });

  it('offers another confirmation mail to a user who has not confirmed the e-mail', async () => {
    const calls = answerRequests(({ path }) =>
      path.endsWith('/login')
        ? Response.json(
            { error: 'Authentication failed', message: 'Email not verified. Please check your email inbox.' },
            { status: 401 },
          )
        : Response.json({ message: 'Verification email resent successfully' }),
    );
    show();
    await signIn();
    await userEvent.click(await screen.findByRole('button', { name: 'Send the confirmation mail again' }));
    expect(await screen.findByRole('status')).toHaveTextContent('ann@example.com');
    expect(calls.at(-1)).toEqual({
      method: 'POST',
      path: '/api/v1/auth/resend-verification',
      body: { account: 'system', email: 'ann@example.com' },
    });
  });

  it('checks before it sends', async () => {
    const calls = answerRequests(() => Response.json({}));
    show();
    await userEvent.click(screen.getByRole('button', { name: 'Sign in' }));
    expect(await screen.findByText(/Enter an e-mail address/)).toBeInTheDocument();
    expect(screen.getByLabelText(/^E-mail/)).toHaveAttribute('aria-invalid', 'true');
    expect(calls).toEqual([]);
  });
});
