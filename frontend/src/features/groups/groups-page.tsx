import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Plus, SearchX, UsersRound } from 'lucide-react';
import { useMemo } from 'react';
import { accountChoices } from '@/shared/accounts/list-account-choices';
import { isSuperadmin, useCaller } from '@/shared/api/audience';
import type { Group } from '@/shared/api/types';
import { groupList } from '@/shared/groups/list-groups';
import { formatNumber, t } from '@/shared/i18n';
import { unlessDefault } from '@/shared/lib/list-search';
import { matching, sorted } from '@/shared/lib/search-rows';
import { useShortcut } from '@/shared/lib/shortcuts';
import { useSearchBox } from '@/shared/lib/use-search-box';
import { Button } from '@/shared/ui/button';
import { type DataColumn, DataTable, moveBetweenRows, TableSkeleton } from '@/shared/ui/data-table';
import { SearchInput } from '@/shared/ui/input';
import { Card, Page } from '@/shared/ui/page';
import { EmptyState, ErrorState } from '@/shared/ui/states';
import { Time } from '@/shared/ui/time';
import { GroupDrawer } from './group-drawer';

const route = getRouteApi('/frame/groups');
const DEFAULT_SORT = 'name';

function groupColumns(accountName: ((id: string) => string) | null, open: (id: string) => void): DataColumn<Group>[] {
  return [
    {
      id: 'name',
      header: () => t('common.name'),
      meta: { sortKey: 'name', className: 'w-full max-w-0' },
      cell: ({ row: { original } }) => (
        <span className="block min-w-0">
          <button
            type="button"
            className="block max-w-full truncate rounded font-medium hover:underline"
            onClick={() => open(original.id)}
          >
            {original.name}
          </button>
          {original.description && (
            <span className="block truncate text-[0.8125rem] text-muted">{original.description}</span>
          )}
        </span>
      ),
    },
    ...(accountName
      ? [
          {
            id: 'account',
            header: () => t('users.account'),
            meta: { className: 'whitespace-nowrap max-md:hidden' },
            cell: ({ row }) => accountName(row.original.account_id),
          } satisfies DataColumn<Group>,
        ]
      : []),
    {
      id: 'members',
      header: () => t('groups.members'),
      meta: { sortKey: 'member_count', align: 'right' },
      cell: ({ row }) => formatNumber(row.original.member_count),
    },
    {
      id: 'created',
      header: () => t('common.created'),
      meta: { sortKey: 'created_at', className: 'text-muted whitespace-nowrap max-md:hidden' },
      cell: ({ row }) => <Time value={row.original.created_at} />,
    },
  ];
}

/** Groups of users, which rules can name. */
export function GroupsPage() {
  const { q = '', sort = DEFAULT_SORT, group, account } = route.useSearch();
  const navigate = useNavigate({ from: '/groups' });
  const administers = isSuperadmin(useCaller());
  // The API gives superadmins the groups of all accounts.
  const scope = administers ? account : undefined;
  const [search, setSearch] = useSearchBox(
    q,
    (text) => void navigate({ search: (old) => ({ ...old, q: text || undefined }), replace: true }),
  );
  const list = useQuery(groupList());
  const accounts = useQuery({ ...accountChoices(), enabled: administers });
  const open = (id: string | undefined) => void navigate({ search: (old) => ({ ...old, group: id }) });
  const columns = useMemo(() => {
    const names = new Map(accounts.data?.map(({ id, name }) => [id, name]));
    return groupColumns(administers ? (id) => names.get(id) ?? id : null, open);
    // The table needs stable columns; `open` does the same in every render.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [administers, accounts.data]);
  const rows = useMemo(
    () =>
      sorted(
        matching(
          (list.data ?? []).filter((row) => scope === undefined || row.account_id === scope),
          q,
          (row) => [row.name, row.description],
        ),
        sort,
      ),
    [list.data, scope, q, sort],
  );
  useShortcut('n', () => open('new'));
  const create = (
    <Button variant="primary" onClick={() => open('new')}>
      <Plus aria-hidden />
      {t('groups.new')}
    </Button>
  );

  return (
    <Page title={t('nav.groups')} description={t('groups.lead')} actions={create}>
      <Card className="overflow-hidden">
        <div className="border-b p-3">
          <SearchInput className="max-w-sm" label={t('groups.search')} value={search} onChange={setSearch} />
        </div>
        {list.isPending && <TableSkeleton columns={4} />}
        {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
        {list.data && (
          // Arrow keys are a shortcut beside Tab, which reaches every row as well.
          // eslint-disable-next-line jsx-a11y/no-static-element-interactions
          <div onKeyDown={moveBetweenRows}>
            <DataTable
              boxed
              label={t('nav.groups')}
              columns={columns}
              rows={rows}
              rowId={(row) => row.id}
              sort={sort}
              openRowId={group}
              onOpenRow={(row) => open(row.id)}
              onSortChange={(next) =>
                void navigate({ search: (old) => ({ ...old, sort: unlessDefault(next, DEFAULT_SORT) }) })
              }
              empty={
                <EmptyState
                  icon={q ? SearchX : UsersRound}
                  title={q ? t('table.noMatchTitle') : t('groups.emptyTitle')}
                  actions={q ? <Button onClick={() => setSearch('')}>{t('table.clearSearch')}</Button> : create}
                >
                  {q ? t('table.noMatch') : t('groups.empty')}
                </EmptyState>
              }
            />
          </div>
        )}
      </Card>
      <GroupDrawer open={group} accountId={scope} onOpen={open} onClose={() => open(undefined)} />
    </Page>
  );
}
