import { useQuery } from '@tanstack/react-query';
import type { ComponentProps } from 'react';
import { t } from '@/shared/i18n';
import { Select } from '@/shared/ui/input';
import { accountChoices } from './list-account-choices';

interface AccountSelectProps extends Omit<ComponentProps<'select'>, 'onChange' | 'value'> {
  /** Id of the account; undefined for none. */
  value: string | undefined;
  onChange: (id: string | undefined) => void;
  /** What stands for no account. */
  none: string;
}

/** Chooses an account; for superadmins, since only they may list accounts. */
export function AccountSelect({ value, onChange, none, ...props }: AccountSelectProps) {
  const accounts = useQuery(accountChoices());
  return (
    <Select
      // Drawn anew when the choices arrive, so that a preset account is shown.
      key={accounts.data ? 'loaded' : 'loading'}
      aria-label={t('users.account')}
      value={value ?? ''}
      onChange={(event) => onChange(event.target.value || undefined)}
      {...props}
    >
      <option value="">{none}</option>
      {accounts.data?.map((account) => (
        <option key={account.id} value={account.id}>
          {account.name}
        </option>
      ))}
    </Select>
  );
}
