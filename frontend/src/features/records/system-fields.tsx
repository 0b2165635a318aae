import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { accountChoices } from '@/shared/accounts/list-account-choices';
import type { RecordRow } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import { CopyButton } from '@/shared/ui/copy-button';
import { Details } from '@/shared/ui/details';
import { Time } from '@/shared/ui/time';

/** What the server keeps of a record beside its fields. */
export function SystemFields({ record, account }: { record: RecordRow; account?: string }) {
  const by = (user: string | null | undefined) =>
    user ? <Id value={user} label={t('recordDrawer.copyUser')} /> : null;
  return (
    <section aria-label={t('recordDrawer.system')}>
      <h3 className="mb-2 font-medium">{t('recordDrawer.system')}</h3>
      <Details
        rows={[
          { label: t('records.id'), value: <Id value={record.id} label={t('recordDrawer.copyRecord')} /> },
          {
            label: t('records.account'),
            value: (
              <Named name={account} rest={<Id value={record.account_id} label={t('recordDrawer.copyAccount')} />} />
            ),
          },
          {
            label: t('common.created'),
            value: <Named name={<Time value={record.created_at} />} rest={by(record.created_by)} />,
          },
          {
            label: t('common.updated'),
            value: <Named name={<Time value={record.updated_at} />} rest={by(record.updated_by)} />,
          },
        ]}
      />
    </section>
  );
}

/** {@link SystemFields} with the account's name, for those who may list accounts. */
export function SystemFieldsWithAccount({ record }: { record: RecordRow }) {
  const accounts = useQuery(accountChoices());
  return (
    <SystemFields record={record} account={accounts.data?.find((account) => account.id === record.account_id)?.name} />
  );
}

function Named({ name, rest }: { name: ReactNode; rest: ReactNode }) {
  return (
    <>
      {name && <span className="block">{name}</span>}
      {rest}
    </>
  );
}

function Id({ value, label }: { value: string; label: string }) {
  return (
    <span className="flex min-w-0 items-center gap-1">
      <code className="min-w-0 font-mono text-xs leading-5 break-all">{value}</code>
      <CopyButton className="-my-1" text={value} label={label} />
    </span>
  );
}
