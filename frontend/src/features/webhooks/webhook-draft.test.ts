import { describe, expect, it } from 'vitest';
import type { Webhook } from '@/shared/api/types';
import { webhookBody, webhookDraft, webhookFaults } from './webhook-draft';

const stored: Webhook = {
  id: 'w',
  account_id: 'a',
  url: 'https://e.org/in',
  collection: 'things',
  events: ['delete', 'create'],
  filter: null,
  enabled: false,
  headers: { 'X-A': '1' },
  created_at: '2026-11-23T09:39:36',
  updated_at: '2026-11-23T09:39:36',
  created_by: 'u',
};

describe('a webhook and its form', () => {
  it('gives back what is stored, without a secret', () => {
    expect(webhookBody(webhookDraft(stored))).toEqual({
      url: 'https://e.org/in',
      collection: 'things',
      events: ['create', 'delete'],
      filter: '',
      headers: { 'X-A': '1' },
      enabled: false,
    });
  });

  it('sends a secret that was chosen, and no header without a name', () => {
    const draft = { ...webhookDraft(), secret: 's3cret', headers: [{ name: ' ', value: '' }] };
    expect(webhookBody(draft)).toMatchObject({ secret: 's3cret', headers: {} });
  });

  it('tells what the server would refuse', () => {
    const fields = webhookFaults({
      ...webhookDraft(),
      url: 'ftp://e.org',
      events: [],
      headers: [{ name: 'no good', value: 'x' }],
      secret: 'x'.repeat(101),
    }).map(([field]) => field);
    expect(fields).toEqual(['url', 'collection', 'events', 'headers', 'secret']);
    expect(webhookFaults(webhookDraft(stored))).toEqual([]);
  });
});
