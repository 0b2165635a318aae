import { useSuspenseQuery } from '@tanstack/react-query';
import { SYSTEM_ACCOUNT_ID } from '@/shared/accounts/list-account-choices';
import { me } from './get-me';
import type { Caller } from './types';

/** Whom a page is for: every signed-in user, admins of any account, or users of the system account alone. */
export type Audience = 'everyone' | 'admins' | 'superadmins';

const ADMIN_ROLE = 'admin';

/** Whether the caller is a user of the system account, who manages the whole installation. */
export function isSuperadmin(caller: Pick<Caller, 'account_id'>): boolean {
  return caller.account_id === SYSTEM_ACCOUNT_ID;
}

/** Whether a page for this audience is open to the caller. The server decides for itself what it answers. */
export function isOpenTo(audience: Audience, caller: Pick<Caller, 'account_id' | 'role'>): boolean {
  if (audience === 'everyone' || isSuperadmin(caller)) return true;
  return audience === 'admins' && caller.role === ADMIN_ROLE;
}

/** Who is signed in; only below the frame, which has asked the server. */
export function useCaller(): Caller {
  return useSuspenseQuery(me()).data;
}
