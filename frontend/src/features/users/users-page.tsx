import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Plus, Users } from 'lucide-react';
import { useMemo, useState } from 'react';
import { AccountSelect } from '@/shared/accounts/account-select';
import { useSession } from '@/shared/api/session';
import type { User } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import { readCount, readWord, unlessDefault } from '@/shared/lib/list-search';
import { useShortcut } from '@/shared/lib/shortcuts';
import { toastWithUndo } from '@/shared/lib/undo-toast';
import { useSearchBox } from '@/shared/lib/use-search-box';
import { roleList } from '@/shared/roles/list-roles';
import { Badge } from '@/shared/ui/badge';
import { Button } from '@/shared/ui/button';
import { ConfirmDelete } from '@/shared/ui/confirm-delete';
import { type DataColumn, DataTable, TableSkeleton } from '@/shared/ui/data-table';
import { Dialog } from '@/shared/ui/dialog';
import { SearchInput, Select } from '@/shared/ui/input';
import { Card, Page } from '@/shared/ui/page';
import { Pagination } from '@/shared/ui/pagination';
import { EmptyState, ErrorState } from '@/shared/ui/states';
import { Time } from '@/shared/ui/time';
import { userList } from './api/list-users';
import { useSetUserActive } from './api/set-user-active';
import { EditUserForm } from './edit-user-form';
import { PasswordForm } from './password-form';
import { UserForm } from './user-form';
import { type UserActions, UserMenu } from './user-menu';

const route = getRouteApi('/frame/users');
const DEFAULT_SORT = '-created_at';
const DEFAULT_SIZE = 25;

function userColumns(ownId: string | undefined, actions: UserActions): DataColumn<User>[] {
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
      cell: ({ row }) => (row.original.last_login ? <Time value={row.original.last_login} /> : t('users.never')),
    },
    {
      id: 'actions',
      header: () => <span className="sr-only">{t('common.actions')}</span>,
      meta: { align: 'right', className: 'pl-0 pr-2' },
      cell: ({ row }) => (row.original.id === ownId ? null : <UserMenu user={row.original} actions={actions} />),
    },
  ];
}

export function UsersPage() {
  const {
    page = 1,
    size = DEFAULT_SIZE,
    sort = DEFAULT_SORT,
    q = '',
    account,
    role,
    state,
    dialog,
  } = route.useSearch();
  const navigate = useNavigate({ from: '/users' });
  const session = useSession();
  const [search, setSearch] = useSearchBox(
    q,
    (text) => void navigate({ search: (old) => ({ ...old, q: text || undefined, page: undefined }), replace: true }),
  );
  const list = useQuery(
    userList({
      page,
      size,
      sort,
      search: q,
      accountId: account,
      roleId: role,
      active: state && state === 'active',
    }),
  );
  const roles = useQuery(roleList());
  const deactivate = useSetUserActive();
  const [edited, setEdited] = useState<User | null>(null);
  const [passwordOf, setPasswordOf] = useState<User | null>(null);
  const [doomed, setDoomed] = useState<User | null>(null);
  const ownId = session?.user.id;
  const columns = useMemo(
    () => userColumns(ownId, { edit: setEdited, setPassword: setPasswordOf, deactivate: setDoomed }),
    [ownId],
  );
  const setDialog = (next: string | undefined) => void navigate({ search: (old) => ({ ...old, dialog: next }) });
  useShortcut('n', () => setDialog('new'));
  const filtered = q !== '' || role !== undefined || state !== undefined;
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
          <AccountSelect
            className="min-w-40 max-sm:flex-1 sm:w-52"
            none={t('users.allAccounts')}
            value={account}
            onChange={(next) => void navigate({ search: (old) => ({ ...old, account: next, page: undefined }) })}
          />
          <Select
            // Drawn anew when the choices arrive, so that the role of the address is shown.
            key={roles.data ? 'loaded' : 'loading'}
            className="min-w-32 max-sm:flex-1 sm:w-40"
            aria-label={t('users.role')}
            value={role ?? ''}
            onChange={(event) =>
              void navigate({ search: (old) => ({ ...old, role: readCount(event.target.value), page: undefined }) })
            }
          >
            <option value="">{t('users.allRoles')}</option>
            {roles.data?.map((choice) => (
              <option key={choice.id} value={choice.id}>
                {choice.name}
              </option>
            ))}
          </Select>
          <Select
            className="min-w-32 max-sm:flex-1 sm:w-40"
            aria-label={t('users.state')}
            value={state ?? ''}
            onChange={(event) =>
              void navigate({
                search: (old) => ({
                  ...old,
                  state: readWord(event.target.value, ['active', 'inactive']),
                  page: undefined,
                }),
              })
            }
          >
            <option value="">{t('users.allStates')}</option>
            <option value="active">{t('common.active')}</option>
            <option value="inactive">{t('common.inactive')}</option>
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
                  title={filtered ? t('table.noMatchTitle') : t('users.emptyTitle')}
                  actions={
                    filtered ? (
                      <Button onClick={() => void navigate({ search: { account } })}>{t('common.clearFilters')}</Button>
                    ) : (
                      create
                    )
                  }
                >
                  {filtered ? t('table.noFilterMatch') : t('users.empty')}
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
      <Dialog
        open={edited !== null}
        onOpenChange={(open) => !open && setEdited(null)}
        title={t('users.editTitle', { email: edited?.email ?? '' })}
      >
        {edited && <EditUserForm user={edited} onDone={() => setEdited(null)} />}
      </Dialog>
      <Dialog
        open={passwordOf !== null}
        onOpenChange={(open) => !open && setPasswordOf(null)}
        title={t('users.resetPassword')}
        description={passwordOf?.email}
        className="sm:max-w-lg"
      >
        {passwordOf && <PasswordForm user={passwordOf} onDone={() => setPasswordOf(null)} />}
      </Dialog>
      <ConfirmDelete
        open={doomed !== null}
        onOpenChange={(open) => !open && setDoomed(null)}
        title={t('users.deactivateTitle', { email: doomed?.email ?? '' })}
        consequence={t('users.deactivateConsequence')}
        action={t('users.deactivate')}
        onConfirm={async () => {
          if (!doomed) return;
          await deactivate.mutateAsync({ id: doomed.id, active: false });
          const { id, email } = doomed;
          toastWithUndo(t('users.deactivatedToast', { email }), () => deactivate.mutate({ id, active: true }));
        }}
      />
    </Page>
  );
}
