import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Database, Download, Plus, SearchX, Settings2, Table2, Upload, Workflow } from 'lucide-react';
import type { CollectionSummary } from '@/shared/api/types';
import { formatNumber, t } from '@/shared/i18n';
import { unlessDefault } from '@/shared/lib/list-search';
import { useShortcut } from '@/shared/lib/shortcuts';
import { useSearchBox } from '@/shared/lib/use-search-box';
import { Badge } from '@/shared/ui/badge';
import { Button } from '@/shared/ui/button';
import { type DataColumn, DataTable, TableSkeleton } from '@/shared/ui/data-table';
import { SearchInput } from '@/shared/ui/input';
import { Card, Page } from '@/shared/ui/page';
import { Pagination } from '@/shared/ui/pagination';
import { EmptyState, ErrorState } from '@/shared/ui/states';
import { Time } from '@/shared/ui/time';
import { collectionList } from './api/list-collections';
import { ExportDialog } from './export-dialog';
import { ImportDialog } from './import-dialog';

const route = getRouteApi('/frame/collections');
const DEFAULT_SORT = '-created_at';
const DEFAULT_SIZE = 25;

const columns: DataColumn<CollectionSummary>[] = [
  {
    id: 'name',
    header: () => t('common.name'),
    meta: { sortKey: 'name', className: 'w-full' },
    cell: ({ row }) => (
      <span className="flex items-center gap-3">
        <Table2 className="size-4 shrink-0 text-accent" aria-hidden />
        <Link
          to="/collections/$name/records"
          params={{ name: row.original.name }}
          className="max-w-[16rem] truncate rounded font-medium hover:underline"
        >
          {row.original.name}
        </Link>
        {row.original.has_public_access && <Badge tone="success">{t('collections.public')}</Badge>}
      </span>
    ),
  },
  {
    id: 'fields',
    header: () => t('collections.fields'),
    meta: { align: 'right', className: 'max-sm:hidden' },
    cell: ({ row }) => formatNumber(row.original.fields_count),
  },
  {
    id: 'records',
    header: () => t('collections.records'),
    meta: { align: 'right' },
    cell: ({ row }) => formatNumber(row.original.records_count),
  },
  {
    id: 'created',
    header: () => t('common.created'),
    meta: { sortKey: 'created_at', className: 'whitespace-nowrap text-muted max-md:hidden' },
    cell: ({ row }) => <Time value={row.original.created_at} />,
  },
  {
    id: 'actions',
    header: () => <span className="sr-only">{t('common.actions')}</span>,
    meta: { align: 'right', className: 'max-sm:pr-2' },
    cell: ({ row }) => (
      <Button asChild variant="ghost" size="icon-sm">
        <Link
          to="/collections/$name/settings"
          params={{ name: row.original.name }}
          aria-label={t('collections.settingsTitle', { name: row.original.name })}
        >
          <Settings2 aria-hidden />
        </Link>
      </Button>
    ),
  },
];

export function CollectionsPage() {
  const { page = 1, size = DEFAULT_SIZE, sort = DEFAULT_SORT, q = '', dialog } = route.useSearch();
  const navigate = useNavigate({ from: '/collections' });
  const [search, setSearch] = useSearchBox(
    q,
    (text) => void navigate({ search: (old) => ({ ...old, q: text || undefined, page: undefined }), replace: true }),
  );
  const list = useQuery(collectionList({ page, size, sort, search: q }));
  const create = () => void navigate({ to: '/collections/new' });
  useShortcut('n', create);

  const setDialog = (next: 'export' | 'import' | undefined) =>
    void navigate({ search: (old) => ({ ...old, dialog: next }) });

  const nothingYet = list.data?.total === 0 && q === '';
  return (
    <Page
      title={t('nav.collections')}
      description={t('collections.lead')}
      actions={
        <>
          {!nothingYet && (
            <Button asChild>
              <Link to="/collections/diagram">
                <Workflow aria-hidden />
                {t('diagram.open')}
              </Link>
            </Button>
          )}
          <Button onClick={() => setDialog('import')}>
            <Upload aria-hidden />
            {t('collectionFiles.import')}
          </Button>
          <Button onClick={() => setDialog('export')}>
            <Download aria-hidden />
            {t('collectionFiles.export')}
          </Button>
          <Button variant="primary" onClick={create}>
            <Plus aria-hidden />
            {t('collections.newTitle')}
          </Button>
        </>
      }
    >
      <Card className="overflow-hidden">
        {!nothingYet && (
          <div className="border-b p-3">
            <SearchInput className="max-w-sm" label={t('collections.search')} value={search} onChange={setSearch} />
          </div>
        )}
        {list.isPending && <TableSkeleton columns={5} />}
        {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
        {nothingYet && (
          <EmptyState
            icon={Database}
            title={t('collections.emptyTitle')}
            actions={
              <Button variant="primary" onClick={create}>
                <Plus aria-hidden />
                {t('collections.createFirst')}
              </Button>
            }
          >
            {t('collections.empty')}
          </EmptyState>
        )}
        {list.data && !nothingYet && (
          <>
            <DataTable
              label={t('nav.collections')}
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
              onOpenRow={(row) => void navigate({ to: '/collections/$name/records', params: { name: row.name } })}
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
      <ExportDialog open={dialog === 'export'} onClose={() => setDialog(undefined)} />
      <ImportDialog open={dialog === 'import'} onClose={() => setDialog(undefined)} />
    </Page>
  );
}
