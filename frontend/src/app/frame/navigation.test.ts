import { describe, expect, it } from 'vitest';
import { SYSTEM_ACCOUNT_ID } from '@/shared/accounts/list-account-choices';
import { navigationFor } from './navigation';

const caller = (account_id: string, role: string) => ({ user_id: 'u', email: 'a@example.com', account_id, role });
const pages = (account_id: string, role: string) =>
  navigationFor(caller(account_id, role)).flatMap((group) => group.items.map((item) => item.to));

describe('navigationFor', () => {
  it('gives superadmins every page but the one that stands in for theirs', () => {
    expect(pages(SYSTEM_ACCOUNT_ID, 'admin')).toContain('/configuration');
    expect(pages(SYSTEM_ACCOUNT_ID, 'admin')).not.toContain('/records');
  });

  it('gives admins of an account what concerns it, without empty groups', () => {
    expect(pages('a', 'admin')).toEqual([
      '/',
      '/records',
      '/files',
      '/invitations',
      '/groups',
      '/hooks',
      '/webhooks',
      '/audit',
      '/realtime',
    ]);
  });

  it.each([SYSTEM_ACCOUNT_ID, 'a'])('gives each page a letter of its own to the admin of %s', (account) => {
    const letters = navigationFor(caller(account, 'admin'))
      .flatMap((group) => group.items.map((item) => item.letter))
      .filter((letter) => letter !== undefined);
    expect(new Set(letters).size).toBe(letters.length);
  });

  it('gives other users nothing', () => {
    expect(navigationFor(caller('a', 'user'))).toEqual([]);
  });
});
