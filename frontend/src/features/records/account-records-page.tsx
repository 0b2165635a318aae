import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { RotateCw, SearchX, Table2 } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { asApiError } from '@/shared/api/errors';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { unlessDefault } from '@/shared/lib/list-search';
import { Button } from '@/shared/ui/button';
import { DataTable, moveBetweenRows, TableSkeleton } from '@/shared/ui/data-table';
import { Input } from '@/shared/ui/input';
import { Card, Page } from '@/shared/ui/page';
import { Pagination } from '@/shared/ui/pagination';
import { EmptyState, ErrorState } from '@/shared/ui/states';
import { AccountRecordDrawer } from './account-record-drawer';
import { recordList } from './api/list-records';
import { FilterBar } from './filter-bar';
import { inferredSchema } from './inferred-schema';
import { openedCollections, rememberOpened } from './recent-collections';
import { readOnlyColumns } from './record-columns';

const route = getRouteApi('/frame/records');
const DEFAULT_SORT = '-created_at';
const DEFAULT_SIZE = 25;

/**
 * The records of the caller's account, as the rules let through. For admins of an account, to whom the
 * API does not list the collections: they name one.
 */
export function AccountRecordsPage() {
  const { collection } = route.useSearch();
  const navigate = useNavigate({ from: '/records' });
  const [name, setName] = useState(collection ?? '');
  const [recent] = useState(openedCollections);
  const open = (next: string) => {
    setName(next);
    void navigate({ search: { collection: next || undefined } });
  };
  return (
    <Page title={collection ?? t('nav.records')} description={t('records.accountLead')}>
      <form
        className="mb-4 flex max-w-xl gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          open(name.trim());
        }}
      >
        <Input
          aria-label={t('records.collectionName')}
          placeholder={t('records.collectionName')}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit" variant="primary">
          {t('records.openCollection')}
        </Button>
      </form>
      <Card className="overflow-hidden">
        {collection ? (
          <Grid key={collection} collection={collection} />
        ) : (
          <EmptyState
            icon={Table2}
            title={t('records.nameFirstTitle')}
            actions={recent.map((known) => (
              <Button key={known} onClick={() => open(known)}>
                {known}
              </Button>
            ))}
          >
            {t('records.nameFirst')}
          </EmptyState>
        )}
      </Card>
    </Page>
  );
}

function Grid({ collection }: { collection: string }) {
  const { page = 1, size = DEFAULT_SIZE, sort = DEFAULT_SORT, filter = '', record, tab } = route.useSearch();
  const navigate = useNavigate({ from: '/records' });
  const list = useQuery(recordList({ collection, page, size, sort, filter, expand: [] }));
  const openRecord = (id: string | undefined) =>
    void navigate({ search: (old) => ({ ...old, record: id, tab: undefined }) });
  const schema = useMemo(() => inferredSchema(list.data?.items ?? []), [list.data]);
  // The table needs stable columns; `openRecord` does the same in every render.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const columns = useMemo(() => readOnlyColumns(schema, openRecord), [schema]);
  useEffect(() => {
    if (list.isSuccess) rememberOpened(collection);
  }, [list.isSuccess, collection]);
  const refusal = list.isError ? asApiError(list.error) : null;
  const filterRefused = refusal?.status === 400 && filter !== '' ? refusal : null;
  const applyFilter = (next: string) =>
    void navigate({ search: (old) => ({ ...old, filter: next || undefined, page: undefined }) });

  return (
    <>
      <div className="border-b">
        <FilterBar schema={schema} applied={filter} onApply={applyFilter} error={filterRefused} />
      </div>
      {list.isPending && <TableSkeleton columns={5} />}
      {refusal && !filterRefused && <ErrorState error={refusal} onRetry={() => void list.refetch()} />}
      {list.data && !refusal && (
        // Arrow keys are a shortcut beside Tab, which reaches every row as well.
        // eslint-disable-next-line jsx-a11y/no-static-element-interactions
        <div onKeyDown={moveBetweenRows}>
          <DataTable
            boxed
            label={t('records.tableLabel', { name: collection })}
            columns={columns}
            rows={list.data.items}
            rowId={(row) => row.id}
            sort={sort}
            openRowId={record}
            stale={list.isPlaceholderData}
            onSortChange={(next) =>
              void navigate({ search: (old) => ({ ...old, sort: unlessDefault(next, DEFAULT_SORT), page: undefined }) })
            }
            onOpenRow={(row) => openRecord(row.id)}
            empty={
              <EmptyState
                icon={filter ? SearchX : Table2}
                title={filter ? t('records.noMatchTitle') : t('records.emptyTitle')}
                actions={filter && <Button onClick={() => applyFilter('')}>{t('records.clearFilter')}</Button>}
              >
                {filter ? t('records.noMatch') : t('records.noneVisible')}
              </EmptyState>
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
      <AccountRecordDrawer
        collection={collection}
        open={record}
        tab={tab}
        onTabChange={(next) =>
          void navigate({ search: (old) => ({ ...old, tab: next === 'fields' ? undefined : next }), replace: true })
        }
        onClose={() => openRecord(undefined)}
      />
    </>
  );
}
