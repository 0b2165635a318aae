import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { ListTodo, RotateCw } from 'lucide-react';
import { useMemo } from 'react';
import type { Job } from '@/shared/api/types';
import { formatDateTime, formatNumber, t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { readWord, unlessDefault } from '@/shared/lib/list-search';
import { useSearchBox } from '@/shared/lib/use-search-box';
import { Button } from '@/shared/ui/button';
import { type DataColumn, DataTable, moveBetweenRows, TableSkeleton } from '@/shared/ui/data-table';
import { Input } from '@/shared/ui/input';
import { Card, Page } from '@/shared/ui/page';
import { Pagination } from '@/shared/ui/pagination';
import { EmptyState, ErrorState } from '@/shared/ui/states';
import { Tab, TabList, Tabs } from '@/shared/ui/tabs';
import { jobStats } from './api/job-stats';
import { jobList } from './api/list-jobs';
import { JobDrawer } from './job-drawer';
import { JobState } from './job-state';
import { countOf, formatSeconds, jobStatuses } from './job-status';

const route = getRouteApi('/frame/jobs');
const DEFAULT_SIZE = 25;
const REFRESH_MS = 5000;

function jobColumns(open: (id: string) => void): DataColumn<Job>[] {
  return [
    {
      id: 'handler',
      header: () => t('jobs.handler'),
      meta: { className: 'w-full max-w-0' },
      cell: ({ row: { original } }) => (
        <span className="block min-w-0">
          <button
            type="button"
            className="block max-w-full truncate rounded font-medium hover:underline"
            aria-label={t('jobs.open', { handler: original.handler })}
            onClick={() => open(original.id)}
          >
            {original.handler}
          </button>
          <time className="block truncate text-[0.8125rem] text-muted sm:hidden" dateTime={original.created_at}>
            {formatDateTime(original.created_at)}
          </time>
          {original.error_message && (
            <span className="block truncate text-[0.8125rem] text-danger">{original.error_message}</span>
          )}
        </span>
      ),
    },
    {
      id: 'status',
      header: () => t('jobs.status'),
      cell: ({ row }) => <JobState status={row.original.status} />,
    },
    {
      id: 'queue',
      header: () => t('jobs.queue'),
      meta: { className: 'whitespace-nowrap max-md:hidden' },
      cell: ({ row }) => row.original.queue,
    },
    {
      id: 'attempts',
      header: () => t('jobs.attempts'),
      meta: { className: 'text-muted whitespace-nowrap max-md:hidden' },
      cell: ({ row: { original } }) =>
        t('jobs.attemptsOf', { failed: original.attempt_number, most: original.max_retries }),
    },
    {
      id: 'due',
      header: () => t('jobs.runAt'),
      meta: { className: 'text-muted whitespace-nowrap max-lg:hidden' },
      cell: ({ row }) => row.original.run_at && formatDateTime(row.original.run_at),
    },
    {
      id: 'created',
      header: () => t('jobs.created'),
      meta: { className: 'text-muted whitespace-nowrap max-sm:hidden' },
      cell: ({ row }) => <time dateTime={row.original.created_at}>{formatDateTime(row.original.created_at)}</time>,
    },
  ];
}

/** A filter that the URL carries. */
function FilterBox({ label, value, onChange }: { label: string; value?: string; onChange: (text: string) => void }) {
  const [text, setText] = useSearchBox(value ?? '', onChange);
  return (
    <Input
      className="min-w-36 max-sm:flex-1 sm:w-52"
      aria-label={label}
      placeholder={label}
      value={text}
      onChange={(event) => setText(event.target.value)}
    />
  );
}

/** The jobs of all accounts: what waits, what runs and what became of the rest. */
export function JobsPage() {
  const { page = 1, size = DEFAULT_SIZE, status, queue, handler, job } = route.useSearch();
  const navigate = useNavigate({ from: '/jobs' });
  const stats = useQuery({ ...jobStats(), refetchInterval: REFRESH_MS });
  const list = useQuery({ ...jobList({ page, size, status, queue, handler }), refetchInterval: REFRESH_MS });
  const open = (id: string | undefined) => void navigate({ search: (old) => ({ ...old, job: id }) });
  // The table needs stable columns; `open` does the same in every render.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const columns = useMemo(() => jobColumns(open), []);
  const filtered = [status, queue, handler].some((part) => part !== undefined);
  const tab = (label: string, word?: (typeof jobStatuses)[number]) =>
    stats.data ? t('jobs.tab', { status: label, count: formatNumber(countOf(stats.data, word)) }) : label;
  const mean = stats.data?.avg_duration_seconds;
  const rate = stats.data?.failure_rate;

  return (
    <Page
      title={t('nav.jobs')}
      description={t('jobs.lead')}
      actions={
        stats.data && (
          <p className="text-muted">
            {[
              typeof mean === 'number' && t('jobs.mean', { time: formatSeconds(mean) }),
              typeof rate === 'number' &&
                t('jobs.failureRate', { rate: `${formatNumber(Math.round(rate * 1000) / 10)}%` }),
            ]
              .filter(Boolean)
              .join(' · ')}
          </p>
        )
      }
    >
      <Tabs
        value={status ?? 'all'}
        onValueChange={(value) =>
          void navigate({ search: (old) => ({ ...old, status: readWord(value, jobStatuses), page: undefined }) })
        }
      >
        <TabList className="mb-4" aria-label={t('jobs.tabs')}>
          <Tab value="all" aria-controls={undefined}>
            {tab(t('jobs.all'))}
          </Tab>
          {jobStatuses.map((word) => (
            <Tab key={word} value={word} aria-controls={undefined}>
              {tab(t(`jobs.statuses.${word}`), word)}
            </Tab>
          ))}
        </TabList>
      </Tabs>
      <Card className="overflow-hidden">
        <div className="flex flex-wrap items-center gap-2 border-b p-3">
          <FilterBox
            label={t('jobs.filterHandler')}
            value={handler}
            onChange={(text) =>
              void navigate({
                search: (old) => ({ ...old, handler: text || undefined, page: undefined }),
                replace: true,
              })
            }
          />
          <FilterBox
            label={t('jobs.filterQueue')}
            value={queue}
            onChange={(text) =>
              void navigate({ search: (old) => ({ ...old, queue: text || undefined, page: undefined }), replace: true })
            }
          />
          <Button
            variant="ghost"
            size="icon"
            className="ml-auto"
            aria-label={t('common.refresh')}
            onClick={() => {
              void stats.refetch();
              void list.refetch();
            }}
          >
            <RotateCw className={cn(list.isFetching && 'animate-spin')} aria-hidden />
          </Button>
        </div>
        {list.isPending && <TableSkeleton columns={4} />}
        {!list.data && list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
        {list.data && (
          // Arrow keys are a shortcut beside Tab, which reaches every row as well.
          // eslint-disable-next-line jsx-a11y/no-static-element-interactions
          <div onKeyDown={moveBetweenRows}>
            <DataTable
              boxed
              label={t('nav.jobs')}
              columns={columns}
              rows={list.data.items}
              rowId={(row) => row.id}
              openRowId={job}
              stale={list.isPlaceholderData}
              onOpenRow={(row) => open(row.id)}
              empty={
                <EmptyState
                  icon={ListTodo}
                  title={filtered ? t('table.noMatchTitle') : t('jobs.emptyTitle')}
                  actions={
                    filtered && (
                      <Button onClick={() => void navigate({ search: {} })}>{t('common.clearFilters')}</Button>
                    )
                  }
                >
                  {filtered ? t('table.noFilterMatch') : t('jobs.empty')}
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
          </div>
        )}
      </Card>
      <JobDrawer open={job} refresh={REFRESH_MS} onClose={() => open(undefined)} />
    </Page>
  );
}
