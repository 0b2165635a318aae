import { isSuperadmin, useCaller } from '@/shared/api/audience';
import { t } from '@/shared/i18n';
import { useActingAccount } from './acting-account';

/** Tells superadmins who have no account in view whose automation they see. */
export function AccountNote() {
  const administers = isSuperadmin(useCaller());
  const { account_id } = useActingAccount();
  if (!administers || account_id !== undefined) return null;
  return <> {t('automation.systemAccount')}</>;
}
