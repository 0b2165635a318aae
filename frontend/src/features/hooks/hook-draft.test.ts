import { describe, expect, it } from 'vitest';
import type { Hook } from '@/shared/api/types';
import { actionBody, actionDraft, newAction } from './action-draft';
import { hookBody, hookDraft } from './hook-draft';
import { draftFaults } from './hook-faults';
import { templateNames } from './template-names';

const hook = (part: Partial<Hook>): Hook => ({
  id: 'h',
  account_id: 'a',
  name: 'H',
  description: null,
  trigger: { type: 'event', event: 'records.create', collection: 'things' },
  condition: null,
  actions: [],
  enabled: true,
  last_run_at: null,
  next_run_at: null,
  created_at: '2026-11-23T09:39:36',
  updated_at: '2026-11-23T09:39:36',
  created_by: 'u',
  cron: null,
  cron_description: null,
  ...part,
});

describe('a hook and its form', () => {
  it.each([
    { type: 'event', event: 'records.create', collection: 'things' },
    { type: 'event', event: 'auth.login' },
    { type: 'schedule', cron: '*/5 * * * *' },
    { type: 'manual' },
  ] as const)('give the trigger %j back', (trigger) => {
    expect(hookBody(hookDraft(hook({ trigger }))).trigger).toEqual(trigger);
  });

  it('sends nothing of a trigger that is not chosen', () => {
    const draft = { ...hookDraft(hook({ condition: 'a = 1' })), trigger: 'manual' as const };
    expect(hookBody(draft)).toMatchObject({ trigger: { type: 'manual' }, condition: '' });
    expect(hookBody({ ...draft, trigger: 'event', event: 'auth.login' }).trigger).toEqual({
      type: 'event',
      event: 'auth.login',
    });
  });
});

describe('an action and its card', () => {
  it.each([
    { type: 'send_webhook', url: 'https://e.org', method: 'PUT', headers: { 'X-A': '1' }, body_template: '{{ now }}' },
    { type: 'send_webhook', url: 'https://e.org', method: 'POST', body_template: { title: '{{ record.title }}' } },
    { type: 'send_email', to: 'a@e.org', subject: 'S', body: '<p>B</p>' },
    { type: 'send_email', to: 'a@e.org', template_id: 'invitation', variables: { name: 'Ann' } },
    { type: 'create_record', collection: 'log', data: { title: '{{ record.title }}', count: 1 } },
    { type: 'update_record', collection: 'log', record_id: '{{ record.id }}', data: { done: true } },
    { type: 'delete_record', collection: 'log', record_id: '7' },
    { type: 'enqueue_job', handler: 'scheduled_task', payload: { a: 1 }, delay_seconds: 60, priority: 3 },
  ])('give %j back', (action) => {
    expect(actionBody(actionDraft(action))).toEqual(action);
  });

  it('keeps what was written for another type, and does not send it', () => {
    const draft = { ...actionDraft({ type: 'send_email', to: 'a@e.org' }), type: 'delete_record' };
    expect(actionBody(draft)).toEqual({ type: 'delete_record', collection: '', record_id: '' });
    expect(actionBody({ ...draft, type: 'send_email' })).toEqual({ type: 'send_email', to: 'a@e.org' });
  });

  it('sends a stored body as text once it is no object any more', () => {
    const draft = actionDraft({ type: 'send_webhook', url: 'https://e.org', body_template: { a: 1 } });
    expect(actionBody({ ...draft, bodyTemplate: '{"a": {{ record.n }}}' }).body_template).toBe('{"a": {{ record.n }}}');
  });
});

describe('draftFaults', () => {
  const faults = (part: Partial<ReturnType<typeof hookDraft>>) =>
    draftFaults({ ...hookDraft(hook({})), ...part }).map(({ path }) => path.join('.'));

  it('finds nothing in what the server takes', () => {
    expect(faults({ actions: [{ ...newAction('send_webhook'), url: '{{ record.url }}' }] })).toEqual([]);
  });

  it('names what is missing or malformed at its place', () => {
    expect(faults({ name: ' ' })).toEqual(['name']);
    expect(faults({ trigger: 'schedule', cron: '* * *' })).toEqual(['cron']);
    expect(faults({ cron: '* * *' })).toEqual([]);
    const actions = [
      newAction('send_webhook'),
      newAction('update_record'),
      { ...newAction('create_record'), collection: 'log', data: '[1]' },
      { ...newAction('enqueue_job'), handler: 'h', delay: 'soon' },
    ];
    expect(faults({ actions })).toEqual([
      'actions.0.url',
      'actions.1.collection',
      'actions.1.recordId',
      'actions.2.data',
      'actions.3.delay',
    ]);
  });
});

describe('templateNames', () => {
  it('offers the fields of the record, or of the sign-in, and neither without an event', () => {
    expect(templateNames({ trigger: 'event', event: 'records.update' }, ['title'])).toContain('record.title');
    expect(templateNames({ trigger: 'event', event: 'auth.login' }, ['title'])).toContain('record.ip_address');
    expect(templateNames({ trigger: 'schedule', event: 'records.update' }, ['title'])).toEqual([
      'auth.account_id',
      'now',
    ]);
  });
});
