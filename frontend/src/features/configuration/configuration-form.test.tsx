import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { answerRequests } from '@/test-server';
import { ConfigurationForm } from './configuration-form';
import { MASK, settingsOf } from './provider-schema';

const settings = settingsOf({
  properties: {
    host: { type: 'string', title: 'Host' },
    port: { type: 'integer', title: 'Port', default: 587 },
    password: { type: 'string', title: 'Password', writeOnly: true },
    use_tls: { type: 'boolean', title: 'TLS', default: true },
  },
  required: ['host', 'port', 'password'],
});

function show(stored?: Record<string, unknown>) {
  const onSubmit = vi.fn().mockResolvedValue(undefined);
  render(
    <QueryClientProvider client={new QueryClient()}>
      <ConfigurationForm
        category="email_providers"
        provider="smtp"
        settings={settings}
        stored={stored}
        displayName={stored ? undefined : 'SMTP Server'}
        onDirtyChange={vi.fn()}
        onSubmit={onSubmit}
        onCancel={vi.fn()}
      />
    </QueryClientProvider>,
  );
  return onSubmit;
}

afterEach(() => vi.unstubAllGlobals());

describe('ConfigurationForm', () => {
  it('makes values of the types of the schema', async () => {
    const onSubmit = show();
    await userEvent.type(screen.getByLabelText(/^Host/), 'mail.example.com');
    await userEvent.type(screen.getByLabelText(/^Password/), 'secret');
    await userEvent.click(screen.getByRole('switch', { name: 'TLS' }));
    await userEvent.click(screen.getByRole('button', { name: 'Add provider' }));
    expect(onSubmit).toHaveBeenCalledWith(
      { host: 'mail.example.com', port: 587, password: 'secret', use_tls: false },
      { displayName: 'SMTP Server', priority: 0, enabled: true },
    );
  });

  it('asks for what is required', async () => {
    const onSubmit = show();
    await userEvent.click(screen.getByRole('button', { name: 'Add provider' }));
    expect(await screen.findAllByText('Fill this in.')).toHaveLength(2);
    expect(screen.getByLabelText(/^Host/)).toHaveFocus();
    expect(onSubmit).not.toHaveBeenCalled();
  });

  it('sends a masked secret back as it came, and does not test with it', async () => {
    const onSubmit = show({ host: 'old', port: 25, password: MASK, use_tls: true, region: 'eu' });
    expect(screen.getByRole('button', { name: 'Test connection' })).toBeDisabled();
    await userEvent.clear(screen.getByLabelText(/^Host/));
    await userEvent.type(screen.getByLabelText(/^Host/), 'new');
    await userEvent.click(screen.getByRole('button', { name: 'Save changes' }));
    expect(onSubmit.mock.calls[0]?.[0]).toEqual({ host: 'new', port: 25, password: MASK, use_tls: true, region: 'eu' });
  });

  it('tells what came of a test, which stores nothing', async () => {
    const calls = answerRequests(() => Response.json({ success: false, message: 'SMTP connection failed: refused' }));
    const onSubmit = show();
    await userEvent.type(screen.getByLabelText(/^Host/), 'mail');
    await userEvent.click(screen.getByRole('button', { name: 'Test connection' }));
    expect(await screen.findByText('SMTP connection failed: refused')).toBeInTheDocument();
    expect(calls[0]?.path).toBe('/api/v1/admin/configuration/test-connection');
    expect(onSubmit).not.toHaveBeenCalled();
  });
});
