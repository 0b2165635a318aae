import { useQueries, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Plus, RotateCw, SearchX, Settings2, ShieldCheck, Table2, Upload } from 'lucide-react';
import { useMemo, useState } from 'react';
import { toast } from 'sonner';
import { asApiError } from '@/shared/api/errors';
import type { Collection, FieldDefinition, RecordRow } from '@/shared/api/types';
import { displayField, isSearchable } from '@/shared/collections/field-types';
import { collectionByName } from '@/shared/collections/get-collection-by-name';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { unlessDefault } from '@/shared/lib/list-search';
import { useShortcut } from '@/shared/lib/shortcuts';
import { useSearchBox } from '@/shared/lib/use-search-box';
import { Button } from '@/shared/ui/button';
import { ConfirmDelete } from '@/shared/ui/confirm-delete';
import { DataTable, moveBetweenRows, TableSkeleton } from '@/shared/ui/data-table';
import { SearchInput } from '@/shared/ui/input';
import { Card, Page } from '@/shared/ui/page';
import { Pagination } from '@/shared/ui/pagination';
import { EmptyState, ErrorState } from '@/shared/ui/states';
import { useDeleteRecord } from './api/delete-record';
import { recordList } from './api/list-records';
import { shortId } from './cell-value';
import { ExportMenu } from './export-menu';
import { FilterBar } from './filter-bar';
import { ImportDialog } from './import-dialog';
import { recordColumns } from './record-columns';
import { RecordDrawer } from './record-drawer';

const route = getRouteApi('/frame/collections/$name/records');
const DEFAULT_SORT = '-created_at';
const DEFAULT_SIZE = 25;

/** What is searched for where fields can be. The best matches come first unless an order is chosen. */
function searched(schema: FieldDefinition[], q: string, sort: string | undefined) {
  const search = schema.some(isSearchable) ? q : '';
  return { search, sort: sort ?? (search ? undefined : DEFAULT_SORT) };
}

/** The records of a collection. */
export function RecordsPage() {
  const { name } = route.useParams();
  const { record, from, tab, dialog, filter = '', sort, q = '' } = route.useSearch();
  const navigate = useNavigate({ from: '/collections/$name/records' });
  const collection = useQuery(collectionByName(name));
  const openRecord = (id: string | undefined) =>
    void navigate({ search: (old) => ({ ...old, record: id, from: undefined, tab: undefined }) });
  const setDialog = (next: 'import' | undefined) => void navigate({ search: (old) => ({ ...old, dialog: next }) });
  useShortcut('n', () => openRecord('new'), collection.isSuccess);
  const wanted = searched(collection.data?.schema ?? [], q, sort);

  return (
    <Page
      title={name}
      heading={
        <>
          <nav aria-label={t('collections.path')} className="text-muted">
            <Link to="/collections" className="rounded hover:text-foreground hover:underline">
              {t('nav.collections')}
            </Link>
          </nav>
          <h1 className="mt-0.5 truncate text-[1.375rem] leading-8 font-semibold">{name}</h1>
        </>
      }
      actions={
        <>
          <Button asChild>
            <Link to="/collections/$name/settings" params={{ name }}>
              <Settings2 aria-hidden />
              {t('collections.settings')}
            </Link>
          </Button>
          <Button disabled={!collection.data} onClick={() => setDialog('import')}>
            <Upload aria-hidden />
            {t('recordFiles.importButton')}
          </Button>
          <ExportMenu collection={name} filter={filter} {...wanted} />
          <Button variant="primary" disabled={!collection.data} onClick={() => openRecord('new')}>
            <Plus aria-hidden />
            {t('records.new')}
          </Button>
        </>
      }
    >
      {collection.isError && (
        <Card>
          <ErrorState error={collection.error} onRetry={() => void collection.refetch()} />
        </Card>
      )}
      {collection.isPending && (
        <Card className="overflow-hidden">
          <div className="h-[3.8125rem] border-b" />
          <TableSkeleton columns={5} />
        </Card>
      )}
      {collection.data && (
        <>
          <RecordGrid key={name} collection={collection.data} openRecord={openRecord} />
          <RecordDrawer
            collection={collection.data}
            open={record}
            from={from}
            tab={tab}
            onTabChange={(next) =>
              void navigate({ search: (old) => ({ ...old, tab: next === 'fields' ? undefined : next }), replace: true })
            }
            onClose={() => openRecord(undefined)}
          />
          <ImportDialog collection={collection.data} open={dialog === 'import'} onClose={() => setDialog(undefined)} />
        </>
      )}
    </Page>
  );
}

/** The display field of each collection that the schema refers to, as far as known. */
function useDisplays(collection: Collection): Record<string, string | undefined> {
  const targets = [
    ...new Set(collection.schema.flatMap((field) => (field.type === 'reference' && field.collection) || [])),
  ];
  return useQueries({
    queries: targets.map((target) => collectionByName(target)),
    combine: (results) =>
      Object.fromEntries(
        targets.map((target, index) => [target, displayField(results[index]?.data?.schema ?? [])?.name]),
      ),
  });
}

function RecordGrid({ collection, openRecord }: { collection: Collection; openRecord: (id: string) => void }) {
  const { name, schema } = collection;
  const { page = 1, size = DEFAULT_SIZE, sort: chosenSort, filter = '', q = '', record } = route.useSearch();
  const navigate = useNavigate({ from: '/collections/$name/records' });
  const expand = schema.filter((field) => field.type === 'reference').map((field) => field.name);
  const searchable = schema.some(isSearchable);
  const { search, sort } = searched(schema, q, chosenSort);
  const list = useQuery(recordList({ collection: name, page, size, sort, filter, expand, search }));
  const [searchText, setSearchText] = useSearchBox(
    q,
    (text) => void navigate({ search: (old) => ({ ...old, q: text || undefined, page: undefined }), replace: true }),
  );
  const displays = useDisplays(collection);
  const remove = useDeleteRecord(name);
  const [doomed, setDoomed] = useState<RecordRow | null>(null);

  const columns = useMemo(
    () => recordColumns(schema, displays, { open: openRecord, remove: setDoomed }),
    // The table needs stable columns; `openRecord` does the same in every render.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [schema, displays],
  );
  const refusal = list.isError ? asApiError(list.error) : null;
  const filterRefused = refusal?.status === 400 && filter !== '' ? refusal : null;
  const applyFilter = (next: string) =>
    void navigate({ search: (old) => ({ ...old, filter: next || undefined, page: undefined }) });

  return (
    <Card className="overflow-hidden">
      <div className="border-b lg:flex lg:items-start">
        {searchable && (
          <div className="p-3 pb-0 lg:w-80 lg:pr-0 lg:pb-3">
            <SearchInput label={t('records.search')} value={searchText} onChange={setSearchText} />
          </div>
        )}
        <div className="min-w-0 flex-1">
          <FilterBar applied={filter} onApply={applyFilter} error={filterRefused} shortcut={!searchable} />
        </div>
      </div>
      {list.isPending && <TableSkeleton columns={5} />}
      {refusal && !filterRefused && <ErrorState error={refusal} onRetry={() => void list.refetch()} />}
      {list.data && !refusal && (
        // Arrow keys are a shortcut beside Tab, which reaches every row as well.
        // eslint-disable-next-line jsx-a11y/no-static-element-interactions
        <div onKeyDown={moveBetweenRows}>
          <DataTable
            boxed
            label={t('records.tableLabel', { name })}
            columns={columns}
            rows={list.data.items}
            rowId={(row) => row.id}
            sort={sort}
            openRowId={record}
            stale={list.isPlaceholderData}
            onSortChange={(next) =>
              void navigate({
                search: (old) => ({ ...old, sort: search ? next : unlessDefault(next, DEFAULT_SORT), page: undefined }),
              })
            }
            onOpenRow={(row) => openRecord(row.id)}
            empty={
              filter || search ? (
                <NoMatch
                  onClear={() => {
                    setSearchText('');
                    void navigate({ search: (old) => ({ ...old, filter: undefined, q: undefined, page: undefined }) });
                  }}
                />
              ) : (
                <NoRecords name={name} onCreate={() => openRecord('new')} />
              )
            }
          />
          <div className="flex items-center border-t [&>nav]:flex-1 [&>nav]:border-t-0">
            <Button
              variant="ghost"
              size="icon"
              className="ml-2"
              aria-label={t('records.refresh')}
              onClick={() => void list.refetch()}
            >
              <RotateCw className={cn(list.isFetching && 'animate-spin')} aria-hidden />
            </Button>
            <Pagination
              page={page}
              size={size}
              total={list.data.total ?? 0}
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
        </div>
      )}
      <ConfirmDelete
        open={doomed !== null}
        onOpenChange={(open) => !open && setDoomed(null)}
        title={t('records.deleteTitle')}
        consequence={t('records.deleteConsequence', { id: shortId(doomed?.id ?? ''), name })}
        action={t('records.delete')}
        onConfirm={async () => {
          if (!doomed) return;
          await remove.mutateAsync(doomed.id);
          toast.success(t('records.deletedToast'));
        }}
      />
    </Card>
  );
}

function NoMatch({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState
      icon={SearchX}
      title={t('records.noMatchTitle')}
      actions={<Button onClick={onClear}>{t('records.clearFilter')}</Button>}
    >
      {t('records.noMatch')}
    </EmptyState>
  );
}

function NoRecords({ name, onCreate }: { name: string; onCreate: () => void }) {
  return (
    <EmptyState
      icon={Table2}
      title={t('records.emptyTitle')}
      actions={
        <>
          <Button variant="primary" onClick={onCreate}>
            <Plus aria-hidden />
            {t('records.createFirst')}
          </Button>
          <Button asChild>
            <Link to="/collections/$name/settings" params={{ name }} search={{ tab: 'rules' }}>
              <ShieldCheck aria-hidden />
              {t('records.setRules')}
            </Link>
          </Button>
        </>
      }
    >
      {t('records.empty', { name })}
    </EmptyState>
  );
}
