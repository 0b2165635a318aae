import { useAccountScope } from '@/shared/accounts/account-scope';
import { isSuperadmin, useCaller } from '@/shared/api/audience';

/** The account that calls about automation act in, as their query says it; the caller's own when it says none. */
export interface ActingAccount {
  account_id?: string;
}

/** The account in view, for superadmins; others act in their own. */
export function useActingAccount(): ActingAccount {
  const scope = useAccountScope();
  const administers = isSuperadmin(useCaller());
  return administers && scope !== undefined ? { account_id: scope } : {};
}
