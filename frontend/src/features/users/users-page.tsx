import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { BadgeCheck, MoreHorizontal, Plus, UserCheck, Users, UserX } from 'lucide-react';
import { useMemo } from 'react';
import { toast } from 'sonner';
import { accountChoices } from '@/shared/accounts/list-account-choices';
import { useSession } from '@/shared/api/session';
import type { User } from '@/shared/api/types';
import { formatDateTime, t } from '@/shared/i18n';
import { unlessDefault } from '@/shared/lib/list-search';
import { useShortcut } from '@/shared/lib/shortcuts';
import { useSearchBox } from '@/shared/lib/use-search-box';
import { Badge } from '@/shared/ui/badge';
import { Button } from '@/shared/ui/button';
import { type DataColumn, DataTable, TableSkeleton } from '@/shared/ui/data-table';
import { Dialog } from '@/shared/ui/dialog';
import { SearchInput, Select } from '@/shared/ui/input';
import { Menu, MenuContent, MenuItem, MenuTrigger } from '@/shared/ui/menu';
import { Card, Page } from '@/shared/ui/page';
import { Pagination } from '@/shared/ui/pagination';
import { EmptyState, ErrorState } from '@/shared/ui/states';
import { userList } from './api/list-users';
import { useSetUserActive } from './api/set-user-active';
import { useVerifyUser } from './api/verify-user';
import { UserForm } from './user-form';

const route = getRouteApi('/frame/users');
const DEFAULT_SORT = '-created_at';
const DEFAULT_SIZE = 25;

function userColumns(ownId: string | undefined): DataColumn<User>[] {
  return [
    {
      id: 'email',
      header: () => t('fields.email'),
      meta: { sortKey: 'email', className: 'w-full max-w-0' },
      cell: ({ row: { original } }) => (
        <span className="flex items-center gap-2.5">
          <span
            className="grid size-7 shrink-0 place-items-center rounded-full bg-accent-subtle text-xs font-semibold text-accent uppercase"
            aria-hidden
          >
            {original.email.slice(0, 1)}
          </span>
          <span className="min-w-0">
            <span className="flex items-center gap-2">
              <span className="truncate font-medium">{original.email}</span>
              {original.id === ownId && <Badge tone="accent">{t('users.you')}</Badge>}
            </span>
            <span className="block truncate text-[0.8125rem] text-muted md:hidden">{original.account_name}</span>
          </span>
        </span>
      ),
    },
    {
      id: 'account',
      header: () => t('users.account'),
      meta: { className: 'whitespace-nowrap max-md:hidden' },
      cell: ({ row }) => row.original.account_name,
    },
    {
      id: 'role',
      header: () => t('users.role'),
      meta: { sortKey: 'role_id', className: 'max-sm:hidden' },
      cell: ({ row }) => row.original.role_name,
    },
    {
      id: 'state',
      header: () => t('users.state'),
      cell: ({ row: { original } }) =>
        !original.is_active ? (
          <Badge tone="danger">{t('users.inactive')}</Badge>
        ) : original.email_verified ? (
          <Badge tone="success">{t('users.verified')}</Badge>
        ) : (
          <Badge tone="info">{t('users.unverified')}</Badge>
        ),
    },
    {
      id: 'last_login',
      header: () => t('users.lastLogin'),
      meta: { sortKey: 'last_login', className: 'text-muted whitespace-nowrap max-lg:hidden' },
      cell: ({ row }) => (row.original.last_login ? formatDateTime(row.original.last_login) : t('users.never')),
    },
    {
      id: 'actions',
      header: () => <span className="sr-only">{t('common.actions')}</span>,
      meta: { align: 'right', className: 'pl-0 pr-2' },
      cell: ({ row }) => (row.original.id === ownId ? null : <UserMenu user={row.original} />),
    },
  ];
}

function UserMenu({ user }: { user: User }) {
  const verify = useVerifyUser();
  const setActive = useSetUserActive();
  const { email } = user;
  return (
    <Menu>
      <MenuTrigger asChild>
        <Button variant="ghost" size="icon-sm" aria-label={t('common.moreActions', { name: email })}>
          <MoreHorizontal aria-hidden />
        </Button>
      </MenuTrigger>
      <MenuContent align="end">
        {!user.email_verified && (
          <MenuItem
            onSelect={() =>
              verify.mutate(user.id, { onSuccess: () => toast.success(t('users.verifiedToast', { email })) })
            }
          >
            <BadgeCheck aria-hidden />
            {t('users.verify')}
          </MenuItem>
        )}
        <MenuItem
          danger={user.is_active}
          onSelect={() =>
            setActive.mutate(
              { id: user.id, active: !user.is_active },
              {
                onSuccess: () =>
                  toast.success(t(user.is_active ? 'users.deactivatedToast' : 'users.activatedToast', { email })),
              },
            )
          }
        >
          {user.is_active ? <UserX aria-hidden /> : <UserCheck aria-hidden />}
          {user.is_active ? t('users.deactivate') : t('users.activate')}
        </MenuItem>
      </MenuContent>
    </Menu>
  );
}

export function UsersPage() {
  const { page = 1, size = DEFAULT_SIZE, sort = DEFAULT_SORT, q = '', account, dialog } = route.useSearch();
  const navigate = useNavigate({ from: '/users' });
  const session = useSession();
  const [search, setSearch] = useSearchBox(
    q,
    (text) => void navigate({ search: (old) => ({ ...old, q: text || undefined, page: undefined }), replace: true }),
  );
  const list = useQuery(userList({ page, size, sort, search: q, accountId: account }));
  const accounts = useQuery(accountChoices());
  const ownId = session?.user.id;
  const columns = useMemo(() => userColumns(ownId), [ownId]);
  const setDialog = (next: string | undefined) => void navigate({ search: (old) => ({ ...old, dialog: next }) });
  useShortcut('n', () => setDialog('new'));
  const create = (
    <Button variant="primary" onClick={() => setDialog('new')}>
      <Plus aria-hidden />
      {t('users.new')}
    </Button>
  );

  return (
    <Page title={t('nav.users')} description={t('users.lead')} actions={create}>
      <Card className="overflow-hidden">
        <div className="flex flex-wrap gap-2 border-b p-3">
          <SearchInput
            className="min-w-48 flex-1 sm:max-w-sm"
            label={t('users.search')}
            value={search}
            onChange={setSearch}
          />
          <Select
            className="min-w-40 max-sm:flex-1 sm:w-56"
            aria-label={t('users.account')}
            value={account ?? ''}
            onChange={(event) =>
              void navigate({
                search: (old) => ({ ...old, account: event.target.value || undefined, page: undefined }),
              })
            }
          >
            <option value="">{t('users.allAccounts')}</option>
            {accounts.data?.map((choice) => (
              <option key={choice.id} value={choice.id}>
                {choice.name}
              </option>
            ))}
          </Select>
        </div>
        {list.isPending && <TableSkeleton columns={5} />}
        {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
        {list.data && (
          <>
            <DataTable
              label={t('nav.users')}
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
                  icon={Users}
                  title={q ? t('table.noMatchTitle') : t('users.emptyTitle')}
                  actions={q ? <Button onClick={() => setSearch('')}>{t('table.clearSearch')}</Button> : create}
                >
                  {q ? t('table.noMatch') : t('users.empty')}
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
        title={t('users.newTitle')}
        description={t('users.newLead')}
        className="sm:max-w-lg"
      >
        <UserForm accountId={account} onDone={() => setDialog(undefined)} />
      </Dialog>
    </Page>
  );
}
