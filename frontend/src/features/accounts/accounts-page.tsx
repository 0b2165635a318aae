import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { MoreHorizontal, Pencil, Plus, SearchX, Trash2, Users } from 'lucide-react';
import { useMemo, useState } from 'react';
import { toast } from 'sonner';
import { SYSTEM_ACCOUNT_ID } from '@/shared/accounts/list-account-choices';
import type { AccountSummary } from '@/shared/api/types';
import { formatNumber, t } from '@/shared/i18n';
import { unlessDefault } from '@/shared/lib/list-search';
import { useShortcut } from '@/shared/lib/shortcuts';
import { useSearchBox } from '@/shared/lib/use-search-box';
import { Badge } from '@/shared/ui/badge';
import { Button } from '@/shared/ui/button';
import { ConfirmDelete } from '@/shared/ui/confirm-delete';
import { type DataColumn, DataTable, TableSkeleton } from '@/shared/ui/data-table';
import { Dialog } from '@/shared/ui/dialog';
import { SearchInput } from '@/shared/ui/input';
import { Menu, MenuContent, MenuItem, MenuTrigger } from '@/shared/ui/menu';
import { Card, Page } from '@/shared/ui/page';
import { Pagination } from '@/shared/ui/pagination';
import { EmptyState, ErrorState } from '@/shared/ui/states';
import { Time } from '@/shared/ui/time';
import { AccountForm } from './account-form';
import { useDeleteAccount } from './api/delete-account';
import { accountList } from './api/list-accounts';

const route = getRouteApi('/frame/accounts');
const DEFAULT_SORT = '-created_at';
const DEFAULT_SIZE = 25;

function accountColumns(
  rename: (account: AccountSummary) => void,
  remove: (account: AccountSummary) => void,
): DataColumn<AccountSummary>[] {
  return [
    {
      id: 'name',
      header: () => t('accounts.name'),
      meta: { sortKey: 'name', className: 'w-full' },
      cell: ({ row: { original } }) => (
        <span className="flex items-center gap-2.5">
          <Link
            to="/users"
            search={{ account: original.id }}
            className="max-w-[14rem] truncate rounded font-medium hover:underline sm:max-w-xs"
          >
            {original.name}
          </Link>
          {original.id === SYSTEM_ACCOUNT_ID && <Badge tone="accent">{t('accounts.system')}</Badge>}
        </span>
      ),
    },
    {
      id: 'slug',
      header: () => t('accounts.slug'),
      meta: { sortKey: 'slug', className: 'font-mono text-xs whitespace-nowrap max-sm:hidden' },
      cell: ({ row }) => row.original.slug,
    },
    {
      id: 'code',
      header: () => t('accounts.code'),
      meta: { sortKey: 'account_code', className: 'font-mono text-xs max-md:hidden' },
      cell: ({ row }) => row.original.account_code,
    },
    {
      id: 'users',
      header: () => t('accounts.users'),
      meta: { align: 'right' },
      cell: ({ row }) => formatNumber(row.original.user_count),
    },
    {
      id: 'created',
      header: () => t('common.created'),
      meta: { sortKey: 'created_at', className: 'text-muted whitespace-nowrap max-md:hidden' },
      cell: ({ row }) => <Time value={row.original.created_at} />,
    },
    {
      id: 'actions',
      header: () => <span className="sr-only">{t('common.actions')}</span>,
      meta: { align: 'right', className: 'pl-0 pr-2' },
      cell: ({ row: { original } }) => (
        <Menu>
          <MenuTrigger asChild>
            <Button variant="ghost" size="icon-sm" aria-label={t('common.moreActions', { name: original.name })}>
              <MoreHorizontal aria-hidden />
            </Button>
          </MenuTrigger>
          <MenuContent align="end">
            <MenuItem asChild>
              <Link to="/users" search={{ account: original.id }}>
                <Users aria-hidden />
                {t('accounts.showUsers')}
              </Link>
            </MenuItem>
            <MenuItem onSelect={() => rename(original)}>
              <Pencil aria-hidden />
              {t('accounts.rename')}
            </MenuItem>
            {original.id !== SYSTEM_ACCOUNT_ID && (
              <MenuItem danger onSelect={() => remove(original)}>
                <Trash2 aria-hidden />
                {t('common.delete')}
              </MenuItem>
            )}
          </MenuContent>
        </Menu>
      ),
    },
  ];
}

export function AccountsPage() {
  const { page = 1, size = DEFAULT_SIZE, sort = DEFAULT_SORT, q = '', dialog } = route.useSearch();
  const navigate = useNavigate({ from: '/accounts' });
  const [search, setSearch] = useSearchBox(
    q,
    (text) => void navigate({ search: (old) => ({ ...old, q: text || undefined, page: undefined }), replace: true }),
  );
  const list = useQuery(accountList({ page, size, sort, search: q }));
  const remove = useDeleteAccount();
  const [renamed, setRenamed] = useState<AccountSummary | null>(null);
  const [doomed, setDoomed] = useState<AccountSummary | null>(null);
  const columns = useMemo(() => accountColumns(setRenamed, setDoomed), []);
  const setDialog = (next: string | undefined) => void navigate({ search: (old) => ({ ...old, dialog: next }) });
  useShortcut('n', () => setDialog('new'));

  return (
    <Page
      title={t('nav.accounts')}
      description={t('accounts.lead')}
      actions={
        <Button variant="primary" onClick={() => setDialog('new')}>
          <Plus aria-hidden />
          {t('accounts.new')}
        </Button>
      }
    >
      <Card className="overflow-hidden">
        <div className="border-b p-3">
          <SearchInput className="max-w-sm" label={t('accounts.search')} value={search} onChange={setSearch} />
        </div>
        {list.isPending && <TableSkeleton columns={5} />}
        {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
        {list.data && (
          <>
            <DataTable
              label={t('nav.accounts')}
              columns={columns}
              rows={list.data.items}
              rowId={(row) => row.id}
              sort={sort}
              stale={list.isPlaceholderData}
              onSortChange={(next) =>
                void navigate({
                  search: (old) => ({ ...old, sort: unlessDefault(next, DEFAULT_SORT), page: undefined }),
                })
              }
              empty={
                <EmptyState
                  icon={SearchX}
                  title={t('table.noMatchTitle')}
                  actions={<Button onClick={() => setSearch('')}>{t('table.clearSearch')}</Button>}
                >
                  {t('table.noMatch')}
                </EmptyState>
              }
            />
            <Pagination
              page={page}
              size={size}
              total={list.data.total}
              onChange={(next) =>
                void navigate({
                  search: (old) => ({
                    ...old,
                    page: unlessDefault(next.page, 1),
                    size: unlessDefault(next.size, DEFAULT_SIZE),
                  }),
                })
              }
            />
          </>
        )}
      </Card>
      <Dialog
        open={dialog === 'new'}
        onOpenChange={(open) => !open && setDialog(undefined)}
        title={t('accounts.newTitle')}
        description={t('accounts.newLead')}
      >
        <AccountForm onDone={() => setDialog(undefined)} />
      </Dialog>
      <Dialog
        open={renamed !== null}
        onOpenChange={(open) => !open && setRenamed(null)}
        title={t('accounts.renameTitle', { name: renamed?.name ?? '' })}
      >
        <AccountForm account={renamed ?? undefined} onDone={() => setRenamed(null)} />
      </Dialog>
      <ConfirmDelete
        open={doomed !== null}
        onOpenChange={(open) => !open && setDoomed(null)}
        title={t('accounts.deleteTitle', { name: doomed?.name ?? '' })}
        consequence={t('accounts.deleteConsequence')}
        action={t('accounts.delete')}
        typeToConfirm={doomed?.name ?? ''}
        onConfirm={async () => {
          if (!doomed) return;
          await remove.mutateAsync(doomed.id);
          toast.success(t('accounts.deletedToast', { name: doomed.name }));
        }}
      />
    </Page>
  );
}
