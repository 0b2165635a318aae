import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { GitCommitVertical, SearchX } from 'lucide-react';
import { useMemo } from 'react';
import type { Revision } from '@/shared/api/types';
import { formatNumber, t } from '@/shared/i18n';
import { matching } from '@/shared/lib/search-rows';
import { useSearchBox } from '@/shared/lib/use-search-box';
import { Badge } from '@/shared/ui/badge';
import { Button } from '@/shared/ui/button';
import { type DataColumn, DataTable, TableSkeleton } from '@/shared/ui/data-table';
import { SearchInput } from '@/shared/ui/input';
import { Card, Page } from '@/shared/ui/page';
import { EmptyState, ErrorState, Skeleton } from '@/shared/ui/states';
import { Tab, TabList, TabPanel, Tabs } from '@/shared/ui/tabs';
import { Time } from '@/shared/ui/time';
import { currentMigration } from './api/current-migration';
import { migrationList } from './api/list-migrations';
import { migrationHistory } from './api/migration-history';

const route = getRouteApi('/frame/migrations');

const columns: DataColumn<Revision>[] = [
  {
    id: 'revision',
    header: () => t('migrations.revision'),
    meta: { className: 'whitespace-nowrap max-sm:hidden' },
    cell: ({ row }) => <code className="font-mono text-xs">{row.original.revision}</code>,
  },
  {
    id: 'description',
    header: () => t('common.description'),
    meta: { className: 'w-full min-w-40' },
    cell: ({ row: { original } }) => (
      <>
        {original.description}
        <code className="block font-mono text-xs text-muted sm:hidden">{original.revision}</code>
      </>
    ),
  },
  {
    id: 'kind',
    header: () => t('migrations.kind'),
    meta: { className: 'max-sm:hidden' },
    cell: ({ row }) => <Kind dynamic={row.original.is_dynamic} />,
  },
  {
    id: 'state',
    header: () => t('users.state'),
    meta: { className: 'whitespace-nowrap' },
    cell: ({ row: { original } }) => (
      <span className="flex gap-1.5">
        {original.is_applied ? (
          <Badge tone="success">{t('migrations.applied')}</Badge>
        ) : (
          <Badge tone="danger">{t('migrations.waiting')}</Badge>
        )}
        {original.is_head && <Badge tone="accent">{t('migrations.head')}</Badge>}
      </span>
    ),
  },
  {
    id: 'created',
    header: () => t('common.created'),
    meta: { className: 'text-muted whitespace-nowrap max-md:hidden' },
    cell: ({ row }) => row.original.created_at && <Time value={row.original.created_at} />,
  },
];

function Kind({ dynamic }: { dynamic: boolean }) {
  return <Badge tone={dynamic ? 'info' : 'neutral'}>{t(dynamic ? 'migrations.dynamic' : 'migrations.core')}</Badge>;
}

/** How the database schema came to be what it is; read-only, the command line changes it. */
export function MigrationsPage() {
  const { q = '', tab = 'all' } = route.useSearch();
  const navigate = useNavigate({ from: '/migrations' });
  const [search, setSearch] = useSearchBox(
    q,
    (text) => void navigate({ search: (old) => ({ ...old, q: text || undefined }), replace: true }),
  );
  const list = useQuery(migrationList());
  const current = useQuery(currentMigration());
  const rows = useMemo(
    () => matching(list.data?.revisions ?? [], q, (row) => [row.revision, row.description]),
    [list.data, q],
  );
  const dynamic = list.data?.revisions.filter((revision) => revision.is_dynamic).length;

  return (
    <Page title={t('nav.migrations')} description={t('migrations.lead')}>
      <div className="mb-6 grid grid-cols-2 gap-3 sm:gap-4 lg:grid-cols-4">
        <Figure label={t('migrations.total')} value={list.data && formatNumber(list.data.total)} />
        <Figure
          label={t('migrations.dynamicTotal')}
          value={dynamic === undefined ? undefined : formatNumber(dynamic)}
        />
        <Card className="col-span-2 px-5 py-4">
          {current.data === undefined ? (
            <Skeleton className="h-7 w-40" />
          ) : (
            <p className="flex h-7 items-center gap-2 truncate font-mono font-semibold">
              {current.data?.revision ?? t('migrations.noCurrent')}
            </p>
          )}
          <p className="mt-1 truncate text-muted">
            {t('migrations.current')}
            {current.data && ` · ${current.data.description}`}
          </p>
        </Card>
      </div>
      <Tabs
        value={tab}
        onValueChange={(value) =>
          void navigate({
            search: (old) => ({ ...old, tab: value === 'history' ? 'history' : undefined }),
            replace: true,
          })
        }
      >
        <TabList className="mb-4" aria-label={t('nav.migrations')}>
          <Tab value="all">{t('migrations.all')}</Tab>
          <Tab value="history">{t('migrations.history')}</Tab>
        </TabList>
        <TabPanel value="all" tabIndex={-1}>
          <Card className="overflow-hidden">
            <div className="border-b p-3">
              <SearchInput className="max-w-sm" label={t('migrations.search')} value={search} onChange={setSearch} />
            </div>
            {list.isPending && <TableSkeleton columns={5} />}
            {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
            {list.data && (
              <DataTable
                boxed
                label={t('nav.migrations')}
                columns={columns}
                rows={rows}
                rowId={(row) => row.revision}
                empty={
                  <EmptyState
                    icon={q ? SearchX : GitCommitVertical}
                    title={q ? t('table.noMatchTitle') : t('migrations.emptyTitle')}
                    actions={q && <Button onClick={() => setSearch('')}>{t('table.clearSearch')}</Button>}
                  >
                    {q && t('table.noMatch')}
                  </EmptyState>
                }
              />
            )}
          </Card>
        </TabPanel>
        <TabPanel value="history" tabIndex={-1}>
          <History />
        </TabPanel>
      </Tabs>
    </Page>
  );
}

function Figure({ label, value }: { label: string; value: string | undefined }) {
  return (
    <Card className="px-5 py-4">
      <p className="flex h-7 items-center text-xl font-semibold">{value ?? <Skeleton className="h-6 w-12" />}</p>
      <p className="mt-1 text-muted">{label}</p>
    </Card>
  );
}

function History() {
  const history = useQuery(migrationHistory());
  return (
    <Card className="overflow-hidden">
      {history.isPending && <TableSkeleton columns={2} />}
      {history.isError && <ErrorState error={history.error} onRetry={() => void history.refetch()} />}
      {history.data?.length === 0 && <EmptyState icon={GitCommitVertical} title={t('migrations.emptyTitle')} />}
      <ol className="py-2">
        {history.data?.map((revision) => (
          <li
            key={revision.revision}
            className="relative flex gap-4 px-5 py-2.5 not-last:before:absolute not-last:before:top-8 not-last:before:-bottom-2 not-last:before:left-[1.6875rem] not-last:before:w-px not-last:before:bg-border"
          >
            <span
              className="relative mt-1 size-4 shrink-0 rounded-full border-4 border-accent-subtle bg-accent"
              aria-hidden
            />
            <div className="min-w-0 flex-1">
              <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
                <span className="font-medium">{revision.description}</span>
                <Kind dynamic={revision.is_dynamic} />
              </p>
              <p className="flex flex-wrap gap-x-3 text-[0.8125rem] text-muted">
                <code className="font-mono text-xs leading-5">{revision.revision}</code>
                {revision.created_at && <Time value={revision.created_at} />}
              </p>
            </div>
          </li>
        ))}
      </ol>
    </Card>
  );
}
