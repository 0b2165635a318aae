import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Mail, Plus } from 'lucide-react';
import { useMemo } from 'react';
import { AccountSelect } from '@/shared/accounts/account-select';
import { accountChoices, SYSTEM_ACCOUNT_ID } from '@/shared/accounts/list-account-choices';
import type { MailTemplate } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import { useShortcut } from '@/shared/lib/shortcuts';
import { Badge } from '@/shared/ui/badge';
import { Button } from '@/shared/ui/button';
import { type DataColumn, DataTable, moveBetweenRows, TableSkeleton } from '@/shared/ui/data-table';
import { Select } from '@/shared/ui/input';
import { Card } from '@/shared/ui/page';
import { EmptyState, ErrorState } from '@/shared/ui/states';
import { Time } from '@/shared/ui/time';
import { templateList } from './api/list-templates';
import { TemplateDrawer } from './template-drawer';
import { templateTypes, typeName } from './template-parts';

const route = getRouteApi('/frame/mail');

function templateColumns(accountName: (id: string) => string, open: (id: string) => void): DataColumn<MailTemplate>[] {
  return [
    {
      id: 'type',
      header: () => t('mail.type'),
      meta: { className: 'whitespace-nowrap' },
      cell: ({ row: { original } }) => (
        <span className="flex items-center gap-2">
          <button type="button" className="rounded font-medium hover:underline" onClick={() => open(original.id)}>
            {typeName(original.template_type)}
          </button>
          {original.is_builtin && <Badge className="max-sm:hidden">{t('mail.builtIn')}</Badge>}
        </span>
      ),
    },
    {
      id: 'locale',
      header: () => t('mail.locale'),
      meta: { className: 'font-mono text-xs' },
      cell: ({ row }) => row.original.locale,
    },
    {
      id: 'account',
      header: () => t('mail.account'),
      meta: { className: 'whitespace-nowrap max-sm:hidden' },
      cell: ({ row }) => accountName(row.original.account_id),
    },
    {
      id: 'subject',
      header: () => t('mail.subject'),
      meta: { className: 'w-full max-w-0 text-muted max-lg:hidden' },
      cell: ({ row }) => <span className="block truncate">{row.original.subject}</span>,
    },
    {
      id: 'enabled',
      header: () => t('users.state'),
      cell: ({ row }) =>
        row.original.enabled ? <Badge tone="success">{t('mail.enabled')}</Badge> : <Badge>{t('mail.disabled')}</Badge>,
    },
    {
      id: 'updated',
      header: () => t('common.updated'),
      meta: { className: 'text-muted whitespace-nowrap max-md:hidden' },
      cell: ({ row }) => <Time value={row.original.updated_at} />,
    },
  ];
}

/** The texts of the mails, for all accounts and for single ones. */
export function TemplatesTab() {
  const { type, locale, account, template } = route.useSearch();
  const navigate = useNavigate({ from: '/mail' });
  const list = useQuery(templateList({ type, locale, accountId: account }));
  const everything = useQuery(templateList());
  const accounts = useQuery(accountChoices());
  const open = (id: string | undefined) => void navigate({ search: (old) => ({ ...old, template: id }) });
  const columns = useMemo(() => {
    const names = new Map(accounts.data?.map(({ id, name }) => [id, name]));
    return templateColumns((id) => (id === SYSTEM_ACCOUNT_ID ? t('mail.systemWide') : (names.get(id) ?? id)), open);
    // The table needs stable columns; `open` does the same in every render.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [accounts.data]);
  const locales = [...new Set([...(everything.data ?? []).map((item) => item.locale), ...(locale ? [locale] : [])])];
  useShortcut('n', () => open('new'));
  const filtered = type !== undefined || locale !== undefined || account !== undefined;
  const create = (
    <Button variant="primary" className="sm:ml-auto" onClick={() => open('new')}>
      <Plus aria-hidden />
      {t('mail.new')}
    </Button>
  );

  return (
    <Card className="overflow-hidden">
      <div className="flex flex-wrap gap-2 border-b p-3">
        <Select
          className="min-w-40 max-sm:flex-1 sm:w-48"
          aria-label={t('mail.type')}
          value={type ?? ''}
          onChange={(event) => void navigate({ search: (old) => ({ ...old, type: event.target.value || undefined }) })}
        >
          <option value="">{t('mail.allTypes')}</option>
          {templateTypes.map((choice) => (
            <option key={choice} value={choice}>
              {typeName(choice)}
            </option>
          ))}
        </Select>
        <Select
          className="min-w-36 max-sm:flex-1 sm:w-44"
          aria-label={t('mail.locale')}
          value={locale ?? ''}
          onChange={(event) =>
            void navigate({ search: (old) => ({ ...old, locale: event.target.value || undefined }) })
          }
        >
          <option value="">{t('mail.allLocales')}</option>
          {locales.sort().map((choice) => (
            <option key={choice} value={choice}>
              {choice}
            </option>
          ))}
        </Select>
        <AccountSelect
          className="min-w-40 max-sm:flex-1 sm:w-52"
          none={t('users.allAccounts')}
          value={account}
          onChange={(next) => void navigate({ search: (old) => ({ ...old, account: next }) })}
        />
        {create}
      </div>
      {list.isPending && <TableSkeleton columns={4} rows={3} />}
      {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && (
        // Arrow keys are a shortcut beside Tab, which reaches every row as well.
        // eslint-disable-next-line jsx-a11y/no-static-element-interactions
        <div onKeyDown={moveBetweenRows}>
          <DataTable
            label={t('mail.templatesTab')}
            columns={columns}
            rows={list.data}
            rowId={(row) => row.id}
            openRowId={template}
            stale={list.isPlaceholderData}
            onOpenRow={(row) => open(row.id)}
            empty={
              <EmptyState
                icon={Mail}
                title={filtered ? t('table.noMatchTitle') : t('mail.emptyTitle')}
                actions={
                  filtered && (
                    <Button onClick={() => void navigate({ search: { account: undefined } })}>
                      {t('common.clearFilters')}
                    </Button>
                  )
                }
              >
                {filtered ? t('table.noFilterMatch') : t('mail.empty')}
              </EmptyState>
            }
          />
        </div>
      )}
      <TemplateDrawer open={template} accountId={account} type={type} onOpen={open} onClose={() => open(undefined)} />
    </Card>
  );
}
