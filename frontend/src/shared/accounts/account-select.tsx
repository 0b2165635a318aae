import { useQuery } from '@tanstack/react-query';
import type { ComponentProps } from 'react';
import { t } from '@/shared/i18n';
import { Select } from '@/shared/ui/input';
import { accountById } from './get-account';
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
  const known = accounts.data?.some((account) => account.id === value) ?? true;
  // There may be more accounts than are offered.
  const other = useQuery({ ...accountById(value ?? ''), enabled: value !== undefined && !known });
  return (
    <Select
      // Drawn anew when the choices arrive, so that a preset account is shown.
      key={`${accounts.isSuccess} ${other.isSuccess}`}
      aria-label={t('users.account')}
      value={value ?? ''}
      onChange={(event) => onChange(event.target.value || undefined)}
      {...props}
    >
      <option value="">{none}</option>
      {!known && other.data && <option value={other.data.id}>{other.data.name}</option>}
      {accounts.data?.map((account) => (
        <option key={account.id} value={account.id}>
          {account.name}
        </option>
      ))}
    </Select>
  );
}
