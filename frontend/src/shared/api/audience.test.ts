import { describe, expect, it } from 'vitest';
import { SYSTEM_ACCOUNT_ID } from '@/shared/accounts/list-account-choices';
import { isOpenTo } from './audience';

const superadmin = { account_id: SYSTEM_ACCOUNT_ID, role: 'user' };
const admin = { account_id: 'a', role: 'admin' };
const user = { account_id: 'a', role: 'user' };

describe('isOpenTo', () => {
  it('opens every page to users of the system account, whatever their role', () => {
    expect(isOpenTo('superadmins', superadmin)).toBe(true);
    expect(isOpenTo('admins', superadmin)).toBe(true);
  });

  it('keeps admins of an account out of what concerns the installation', () => {
    expect(isOpenTo('admins', admin)).toBe(true);
    expect(isOpenTo('superadmins', admin)).toBe(false);
  });

  it('leaves other users their own pages', () => {
    expect(isOpenTo('admins', user)).toBe(false);
    expect(isOpenTo('everyone', user)).toBe(true);
  });
});
