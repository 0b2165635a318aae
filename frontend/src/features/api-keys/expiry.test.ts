import { describe, expect, it } from 'vitest';
import { expiryOf, keyState } from './expiry';

const now = new Date('2026-03-01T12:00:00Z');

describe('expiryOf', () => {
  it('counts days from now, and knows never', () => {
    expect(expiryOf('7', '', now)).toBe('2026-03-08T12:00:00.000Z');
    expect(expiryOf('never', '', now)).toBeNull();
  });

  it('takes a day to its end', () => {
    expect(expiryOf('day', '2026-04-05', now)).toBe(new Date('2026-04-05T23:59:59').toISOString());
    expect(expiryOf('day', '', now)).toBeNull();
  });
});

describe('keyState', () => {
  it('tells revoked from expired', () => {
    expect(keyState({ is_active: true, expires_at: null }, now)).toBe('active');
    expect(keyState({ is_active: true, expires_at: '2026-03-01T12:00:00Z' }, now)).toBe('expired');
    expect(keyState({ is_active: false, expires_at: null }, now)).toBe('revoked');
  });
});
