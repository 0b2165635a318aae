import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Building2, Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { AccountSelect } from '@/shared/accounts/account-select';
import { SYSTEM_ACCOUNT_ID } from '@/shared/accounts/list-account-choices';
import { t } from '@/shared/i18n';
import { Button } from '@/shared/ui/button';
import { TableSkeleton } from '@/shared/ui/data-table';
import { Select } from '@/shared/ui/input';
import { Card } from '@/shared/ui/page';
import { EmptyState, ErrorState } from '@/shared/ui/states';
import { configurationList } from './api/list-configurations';
import { providerList } from './api/list-providers';
import { categories, categoryName } from './category';
import { ConfigurationDrawer, type Subject } from './configuration-drawer';
import { ConfigurationTable } from './configuration-table';
import { Gallery } from './gallery';

const route = getRouteApi('/frame/configuration');
const GALLERY = 'gallery';

/** Providers of the whole installation. */
export function SystemTab() {
  return <Providers label={t('configuration.systemTab')} accountId={undefined} />;
}

/** Providers of one account, which come before those of the installation. */
export function AccountTab() {
  const { account } = route.useSearch();
  const navigate = useNavigate({ from: '/configuration' });
  // The system account's own providers are those of the installation.
  const accountId = account === SYSTEM_ACCOUNT_ID ? undefined : account;
  const select = (
    <AccountSelect
      className="min-w-48 max-sm:flex-1 sm:w-64"
      none={t('users.chooseAccount')}
      value={accountId}
      onChange={(next) => void navigate({ search: { tab: 'account', account: next } })}
    />
  );
  if (accountId === undefined) {
    return (
      <Card>
        <EmptyState icon={Building2} title={t('configuration.chooseTitle')} actions={select}>
          {t('configuration.choose')}
        </EmptyState>
      </Card>
    );
  }
  return (
    <Providers key={accountId} label={t('configuration.accountTab')} accountId={accountId}>
      {select}
    </Providers>
  );
}

interface ProvidersProps {
  label: string;
  accountId: string | undefined;
  children?: ReactNode;
}

function Providers({ label, accountId, children }: ProvidersProps) {
  const { category, add, edit } = route.useSearch();
  const navigate = useNavigate({ from: '/configuration' });
  const list = useQuery(configurationList(accountId));
  const providers = useQuery(providerList());
  const setAdd = (next: string | undefined) => void navigate({ search: (old) => ({ ...old, add: next }) });
  const setEdit = (next: string | undefined) => void navigate({ search: (old) => ({ ...old, edit: next }) });
  const rows = list.data?.filter((row) => category === undefined || row.category === category) ?? [];
  const taken = new Set(list.data?.map((row) => `${row.category}/${row.provider_name}`));

  const added = providers.data?.find((provider) => `${provider.category}/${provider.provider_name}` === add);
  const edited = list.data?.find((row) => row.id === edit);
  const subject: Subject | undefined = added ? { add: added } : edited ? { edit: edited } : undefined;

  return (
    <Card className="overflow-hidden">
      <div className="flex flex-wrap gap-2 border-b p-3">
        {children}
        <Select
          className="min-w-44 max-sm:flex-1 sm:w-56"
          aria-label={t('configuration.category')}
          value={category ?? ''}
          onChange={(event) =>
            void navigate({ search: (old) => ({ ...old, category: event.target.value || undefined }) })
          }
        >
          <option value="">{t('configuration.allCategories')}</option>
          {categories.map((choice) => (
            <option key={choice} value={choice}>
              {categoryName(choice)}
            </option>
          ))}
        </Select>
        <Button variant="primary" className="sm:ml-auto" onClick={() => setAdd(GALLERY)}>
          <Plus aria-hidden />
          {t('configuration.add')}
        </Button>
      </div>
      {list.isPending && <TableSkeleton columns={4} rows={4} />}
      {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && (
        <ConfigurationTable label={label} rows={rows} openId={edit} onOpen={setEdit} onAdd={() => setAdd(GALLERY)} />
      )}
      <Gallery
        open={add === GALLERY}
        onOpenChange={(open) => !open && setAdd(undefined)}
        forAccount={accountId !== undefined}
        taken={taken}
        onPick={(provider) => setAdd(`${provider.category}/${provider.provider_name}`)}
      />
      <ConfigurationDrawer
        subject={subject}
        accountId={accountId}
        onClose={() => void navigate({ search: (old) => ({ ...old, add: undefined, edit: undefined }) })}
      />
    </Card>
  );
}
