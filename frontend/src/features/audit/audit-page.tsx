import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Download, History, ListFilter, RotateCw, SearchX, ShieldCheck } from 'lucide-react';
import { useMemo, useState } from 'react';
import { isSuperadmin, useCaller } from '@/shared/api/audience';
import type { AuditEntry } from '@/shared/api/types';
import { OperationBadge } from '@/shared/audit/operation-badge';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { readWord, unlessDefault } from '@/shared/lib/list-search';
import { Badge } from '@/shared/ui/badge';
import { Button } from '@/shared/ui/button';
import { type DataColumn, DataTable, moveBetweenRows, TableSkeleton } from '@/shared/ui/data-table';
import { Menu, MenuContent, MenuItem, MenuTrigger } from '@/shared/ui/menu';
import { Card, Page } from '@/shared/ui/page';
import { Pagination } from '@/shared/ui/pagination';
import { EmptyState, ErrorState } from '@/shared/ui/states';
import { Time } from '@/shared/ui/time';
import { exportFormats, useExportEntries } from './api/export-entries';
import { auditEntries } from './api/list-entries';
import { type AuditFilter, filterCount } from './audit-filter';
import { EntryDrawer } from './entry-drawer';
import { FilterPanel } from './filter-panel';
import { VerifyDialog } from './verify-dialog';

const route = getRouteApi('/frame/audit');
const DEFAULT_SORT = '-occurred_at';
const DEFAULT_SIZE = 50;

function auditColumns(open: (id: number) => void): DataColumn<AuditEntry>[] {
  return [
    {
      id: 'time',
      header: () => t('audit.time'),
      meta: { sortKey: 'occurred_at', className: 'whitespace-nowrap' },
      cell: ({ row: { original } }) => (
        <button
          type="button"
          className="rounded text-left font-medium hover:underline"
          onClick={() => open(original.id)}
        >
          <Time value={original.occurred_at} />
          <span className="block font-mono text-xs font-normal text-muted sm:hidden">
            {original.table_name}.{original.column_name}
          </span>
        </button>
      ),
    },
    {
      id: 'operation',
      header: () => t('audit.operation'),
      meta: { sortKey: 'operation' },
      cell: ({ row }) => <OperationBadge operation={row.original.operation} />,
    },
    {
      id: 'what',
      header: () => t('audit.what'),
      meta: { sortKey: 'table_name', className: 'whitespace-nowrap max-sm:hidden' },
      cell: ({ row: { original } }) => (
        <span className="font-mono text-xs">
          {original.table_name}
          <span className="text-muted">.{original.column_name}</span>
        </span>
      ),
    },
    {
      id: 'change',
      header: () => t('audit.change'),
      meta: { className: 'w-full min-w-56 max-w-0' },
      cell: ({ row: { original } }) => <Change entry={original} />,
    },
    {
      id: 'user',
      header: () => t('audit.by'),
      meta: { sortKey: 'user_email', className: 'max-w-56 max-lg:hidden' },
      cell: ({ row }) => <span className="block truncate text-muted">{row.original.user_email}</span>,
    },
    {
      id: 'record',
      header: () => t('audit.record'),
      meta: { className: 'max-xl:hidden' },
      cell: ({ row }) => (
        <code className="block max-w-24 truncate font-mono text-xs text-muted">{row.original.record_id}</code>
      ),
    },
  ];
}

function Change({ entry: { old_value, new_value } }: { entry: AuditEntry }) {
  return (
    <span className="flex min-w-0 items-center gap-2 font-mono text-xs">
      {old_value !== null && (
        <del className="min-w-0 truncate rounded bg-danger-subtle px-1 text-danger no-underline">
          <span className="sr-only">{t('audit.removed')}</span>
          {old_value || t('audit.emptyText')}
        </del>
      )}
      {new_value !== null && (
        <ins className="min-w-0 truncate rounded bg-success-subtle px-1 text-success no-underline">
          <span className="sr-only">{t('audit.added')}</span>
          {new_value || t('audit.emptyText')}
        </ins>
      )}
      {old_value === null && new_value === null && <span className="text-muted">{t('audit.none')}</span>}
    </span>
  );
}

/** Who changed what and when. */
export function AuditPage() {
  const { page = 1, size = DEFAULT_SIZE, sort = DEFAULT_SORT, entry, ...rest } = route.useSearch();
  const filter: AuditFilter = rest;
  const navigate = useNavigate({ from: '/audit' });
  const administers = isSuperadmin(useCaller());
  const list = useQuery(auditEntries({ page, size, sort, filter }));
  const save = useExportEntries();
  const narrowed = filterCount(filter);
  const [filtersOpen, setFiltersOpen] = useState(narrowed > 0);
  const [verifying, setVerifying] = useState(false);
  const open = (id: number | undefined) => void navigate({ search: (old) => ({ ...old, entry: id }) });
  // The table needs stable columns; `open` does the same in every render.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const columns = useMemo(() => auditColumns(open), []);
  const change = (part: Partial<AuditFilter>) =>
    void navigate({
      search: (old) => ({
        ...old,
        ...part,
        operation: readWord('operation' in part ? part.operation : old.operation, ['CREATE', 'UPDATE', 'DELETE']),
        page: undefined,
      }),
      replace: true,
    });

  return (
    <Page
      title={t('nav.audit')}
      description={t('audit.lead')}
      actions={
        <>
          {administers && (
            <Button onClick={() => setVerifying(true)}>
              <ShieldCheck aria-hidden />
              {t('audit.verify')}
            </Button>
          )}
          <Menu>
            <MenuTrigger asChild>
              <Button busy={save.isPending}>
                {!save.isPending && <Download aria-hidden />}
                {t('audit.export')}
              </Button>
            </MenuTrigger>
            <MenuContent align="end">
              {exportFormats.map((format) => (
                <MenuItem key={format} onSelect={() => save.mutate({ format, filter })}>
                  {t(`audit.formats.${format}`)}
                </MenuItem>
              ))}
            </MenuContent>
          </Menu>
        </>
      }
    >
      {list.data && !list.data.audit_logging_enabled && (
        <p role="status" className="mb-4 rounded-xl bg-accent-subtle px-4 py-3 text-accent">
          {t('audit.disabled')}
        </p>
      )}
      <Card className="overflow-hidden">
        <div className="flex flex-wrap items-center gap-2 border-b p-3">
          <Button aria-expanded={filtersOpen} onClick={() => setFiltersOpen(!filtersOpen)}>
            <ListFilter aria-hidden />
            {t('audit.filters')}
            {narrowed > 0 && <Badge tone="accent">{narrowed}</Badge>}
          </Button>
          {narrowed > 0 && (
            <Button
              variant="ghost"
              onClick={() => void navigate({ search: { sort: unlessDefault(sort, DEFAULT_SORT), account: undefined } })}
            >
              {t('common.clearFilters')}
            </Button>
          )}
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
        {filtersOpen && <FilterPanel filter={filter} onChange={change} />}
        {list.isPending && <TableSkeleton columns={5} />}
        {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
        {list.data && (
          // Arrow keys are a shortcut beside Tab, which reaches every row as well.
          // eslint-disable-next-line jsx-a11y/no-static-element-interactions
          <div onKeyDown={moveBetweenRows}>
            <DataTable
              boxed
              label={t('nav.audit')}
              columns={columns}
              rows={list.data.items}
              rowId={(row) => String(row.id)}
              sort={sort}
              openRowId={entry === undefined ? undefined : String(entry)}
              stale={list.isPlaceholderData}
              onOpenRow={(row) => open(row.id)}
              onSortChange={(next) =>
                void navigate({
                  search: (old) => ({ ...old, sort: unlessDefault(next, DEFAULT_SORT), page: undefined }),
                })
              }
              empty={
                <EmptyState
                  icon={narrowed > 0 ? SearchX : History}
                  title={narrowed > 0 ? t('table.noMatchTitle') : t('audit.emptyTitle')}
                >
                  {narrowed > 0 ? t('table.noFilterMatch') : t('audit.empty')}
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
      <EntryDrawer open={entry} onClose={() => open(undefined)} />
      <VerifyDialog open={verifying} onOpenChange={setVerifying} />
    </Page>
  );
}
