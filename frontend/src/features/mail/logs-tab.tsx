import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { MailSearch, RotateCw } from 'lucide-react';
import { useMemo } from 'react';
import type { MailLog } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { readDay, readWord, unlessDefault } from '@/shared/lib/list-search';
import { Button } from '@/shared/ui/button';
import { type DataColumn, DataTable, moveBetweenRows, TableSkeleton } from '@/shared/ui/data-table';
import { Input, Select } from '@/shared/ui/input';
import { Card } from '@/shared/ui/page';
import { Pagination } from '@/shared/ui/pagination';
import { EmptyState, ErrorState } from '@/shared/ui/states';
import { Time } from '@/shared/ui/time';
import { mailLogs } from './api/list-logs';
import { LogDrawer } from './log-drawer';
import { LogState } from './log-state';
import { templateTypes, typeName } from './template-parts';

const route = getRouteApi('/frame/mail');
const DEFAULT_SIZE = 25;
const states = ['sent', 'failed'] as const;

function logColumns(open: (id: string) => void): DataColumn<MailLog>[] {
  return [
    {
      id: 'recipient',
      header: () => t('mail.recipient'),
      meta: { className: 'w-full max-w-0' },
      cell: ({ row: { original } }) => (
        <span className="block min-w-0">
          <button
            type="button"
            className="block max-w-full truncate rounded font-medium hover:underline"
            aria-label={t('mail.open', { email: original.recipient_email })}
            onClick={() => open(original.id)}
          >
            {original.recipient_email}
          </button>
          <Time className="block truncate text-[0.8125rem] text-muted sm:hidden" value={original.sent_at} />
          {original.error_message && (
            <span className="block truncate text-[0.8125rem] text-danger">{original.error_message}</span>
          )}
        </span>
      ),
    },
    {
      id: 'status',
      header: () => t('mail.status'),
      cell: ({ row: { original } }) => <LogState status={original.status} />,
    },
    {
      id: 'type',
      header: () => t('mail.type'),
      meta: { className: 'whitespace-nowrap max-sm:hidden' },
      cell: ({ row }) => typeName(row.original.template_type),
    },
    {
      id: 'provider',
      header: () => t('mail.provider'),
      meta: { className: 'max-md:hidden' },
      cell: ({ row }) => row.original.provider,
    },
    {
      id: 'time',
      header: () => t('mail.sentAt'),
      meta: { className: 'text-muted whitespace-nowrap max-sm:hidden' },
      cell: ({ row }) => <Time value={row.original.sent_at} />,
    },
  ];
}

/** Every mail that the server tried to send. */
export function LogsTab() {
  const { page = 1, size = DEFAULT_SIZE, type, status, from, to, log } = route.useSearch();
  const navigate = useNavigate({ from: '/mail' });
  const list = useQuery(mailLogs({ page, size, status, type, from, to }));
  const open = (id: string | undefined) => void navigate({ search: (old) => ({ ...old, log: id }) });
  // The table needs stable columns; `open` does the same in every render.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const columns = useMemo(() => logColumns(open), []);
  const filtered = [type, status, from, to].some((part) => part !== undefined);

  return (
    <Card className="overflow-hidden">
      <div className="flex flex-wrap items-center gap-2 border-b p-3">
        <Select
          className="min-w-36 max-sm:flex-1 sm:w-40"
          aria-label={t('mail.status')}
          value={status ?? ''}
          onChange={(event) =>
            void navigate({
              search: (old) => ({ ...old, status: readWord(event.target.value, states), page: undefined }),
            })
          }
        >
          <option value="">{t('mail.allStatuses')}</option>
          {states.map((state) => (
            <option key={state} value={state}>
              {t(`mail.${state}`)}
            </option>
          ))}
        </Select>
        <Select
          className="min-w-36 max-sm:flex-1 sm:w-48"
          aria-label={t('mail.type')}
          value={type ?? ''}
          onChange={(event) =>
            void navigate({ search: (old) => ({ ...old, type: event.target.value || undefined, page: undefined }) })
          }
        >
          <option value="">{t('mail.allTypes')}</option>
          {templateTypes.map((choice) => (
            <option key={choice} value={choice}>
              {typeName(choice)}
            </option>
          ))}
        </Select>
        <Input
          type="date"
          className="w-auto min-w-36 max-sm:flex-1"
          aria-label={t('audit.fromDay')}
          max={to}
          value={from ?? ''}
          onChange={(event) =>
            void navigate({ search: (old) => ({ ...old, from: readDay(event.target.value), page: undefined }) })
          }
        />
        <Input
          type="date"
          className="w-auto min-w-36 max-sm:flex-1"
          aria-label={t('audit.toDay')}
          min={from}
          value={to ?? ''}
          onChange={(event) =>
            void navigate({ search: (old) => ({ ...old, to: readDay(event.target.value), page: undefined }) })
          }
        />
        <Button
          variant="ghost"
          size="icon"
          className="ml-auto"
          aria-label={t('common.refresh')}
          onClick={() => void list.refetch()}
        >
          <RotateCw className={cn(list.isFetching && 'animate-spin')} aria-hidden />
        </Button>
      </div>
      {list.isPending && <TableSkeleton columns={4} />}
      {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && (
        // Arrow keys are a shortcut beside Tab, which reaches every row as well.
        // eslint-disable-next-line jsx-a11y/no-static-element-interactions
        <div onKeyDown={moveBetweenRows}>
          <DataTable
            boxed
            label={t('mail.logsTab')}
            columns={columns}
            rows={list.data.logs}
            rowId={(row) => row.id}
            openRowId={log}
            stale={list.isPlaceholderData}
            onOpenRow={(row) => open(row.id)}
            empty={
              <EmptyState
                icon={MailSearch}
                title={filtered ? t('table.noMatchTitle') : t('mail.noLogsTitle')}
                actions={
                  filtered && (
                    <Button onClick={() => void navigate({ search: { tab: 'logs' } })}>
                      {t('common.clearFilters')}
                    </Button>
                  )
                }
              >
                {filtered ? t('table.noFilterMatch') : t('mail.noLogs')}
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
      <LogDrawer open={log} onClose={() => open(undefined)} />
    </Card>
  );
}
