import { useMemo, useState } from 'react';
import { isSuperadmin, useCaller } from '@/shared/api/audience';
import { useAccountScope, withinAccount } from '@/shared/accounts/account-scope';
import { asApiError } from '@/shared/api/errors';
import type { Collection } from '@/shared/api/types';
import { isSearchable } from '@/shared/collections/field-types';
import { t } from '@/shared/i18n';
import { useShortcut } from '@/shared/lib/shortcuts';
import { useSearchBox } from '@/shared/lib/use-search-box';
import { useLiveChoice } from '@/shared/realtime/live-choice';
import { TableSkeleton } from '@/shared/ui/data-table';
import { SearchInput } from '@/shared/ui/input';
import { Card } from '@/shared/ui/page';
import { ErrorState } from '@/shared/ui/states';
import { FilterBar } from '../filter-bar';
import { ColumnChooser } from './column-chooser';
import { type ColumnLayout, readLayout, visible } from './column-layout';
import { FreshPill } from './fresh-pill';
import { gridColumns } from './grid-columns';
import { NoMatch, NoRecords } from './grid-empty';
import { GridFooter } from './grid-footer';
import { GridToolbar } from './grid-toolbar';
import { RecordTable } from './record-table';
import { nothing, without } from './selection';
import { SelectionBar } from './selection-bar';
import { SummaryBar } from './summary-bar';
import { useCellEdit } from './use-cell-edit';
import { useDeferredDelete } from './use-deferred-delete';
import { useDisplays } from './use-displays';
import { useGridAddress } from './use-grid-address';
import { useGridRows } from './use-grid-rows';
import { useLiveRecords } from './use-live-records';
import { useRowActions } from './use-row-actions';
import { useStored } from './use-stored';
import { ViewsMenu } from './views-menu';

interface RecordsGridProps {
  collection: Collection;
  /** Opens a record by its id, or `new`. */
  openRecord: (id: string) => void;
}

/** The records of a collection: found, looked at, changed in place and in numbers, and followed as they change. */
export function RecordsGrid({ collection, openRecord }: RecordsGridProps) {
  const { name, schema } = collection;
  const caller = useCaller();
  const [layout, setLayout] = useStored<ColumnLayout>('columns', name, readLayout);
  const [summary, setSummary] = useStored('summary', name, (value) => value === true);
  const address = useGridAddress(collection, setLayout);
  const { page, size, filter, search, sort, mode } = address;
  // What is asked for: of a superadmin who has one account in view, only its records.
  const within = withinAccount(filter, useAccountScope());
  const columns = useMemo(() => gridColumns(schema, !isSuperadmin(caller)), [schema, caller]);
  const shown = useMemo(() => visible(columns, layout), [columns, layout]);
  const displays = useDisplays(collection);

  const expand = schema.filter((field) => field.type === 'reference').map((field) => field.name);
  const loaded = useGridRows({ collection: name, mode, page, size, sort, filter: within, search, expand });
  const { hidden, remove } = useDeferredDelete(name);
  const data = { ...loaded, rows: loaded.rows.filter(({ id }) => !hidden.has(id)) };
  const [live] = useLiveChoice();
  const notes = useLiveRecords({
    collection,
    rows: loaded.rows,
    filter: within,
    search,
    enabled: live,
    reading: loaded.reading,
    refresh: loaded.refresh,
  });

  const [selection, setSelection] = useState(nothing);
  const narrowing = JSON.stringify([within, search]);
  const [narrowed, setNarrowed] = useState(narrowing);
  if (narrowed !== narrowing) {
    // What was selected under another filter is out of sight, and must not be deleted unseen.
    setNarrowed(narrowing);
    setSelection(nothing);
  }
  const save = useCellEdit(collection);
  const actions = useRowActions(collection, openRecord, (row) => {
    setSelection((now) => without(now, [row.id]));
    remove(row.id);
  });

  const searchable = schema.some(isSearchable);
  const [searchText, setSearchText] = useSearchBox(address.q, address.setQuery);
  useShortcut('r', loaded.refresh);
  const refusal = loaded.error ? asApiError(loaded.error) : null;
  const filterRefused = refusal?.status === 400 && filter !== '' ? refusal : null;

  return (
    <Card className="overflow-hidden">
      <div className="border-b lg:flex lg:items-start">
        {searchable && (
          <div className="p-3 pb-0 lg:w-80 lg:pr-0 lg:pb-3">
            <SearchInput label={t('records.search')} value={searchText} onChange={setSearchText} />
          </div>
        )}
        <div className="min-w-0 flex-1">
          <FilterBar
            schema={schema}
            applied={filter}
            onApply={address.setFilter}
            error={filterRefused}
            shortcut={!searchable}
          />
        </div>
      </div>
      {selection.rows.size > 0 ? (
        <SelectionBar collection={collection} columns={columns} selection={selection} onSelection={setSelection} />
      ) : (
        <GridToolbar live={notes.state} summary={summary} onSummary={setSummary}>
          <ViewsMenu
            collection={name}
            current={{ filter, sort: address.chosenSort, mode, layout }}
            onApply={(view) => {
              address.apply(view);
              setSearchText('');
            }}
          />
          <ColumnChooser all={columns} layout={layout} onLayout={setLayout} />
        </GridToolbar>
      )}
      {summary && !filterRefused && <SummaryBar collection={collection} filter={within} search={search} />}
      {loaded.isPending && <TableSkeleton columns={5} />}
      {refusal && !filterRefused && <ErrorState error={refusal} onRetry={loaded.refresh} />}
      {!loaded.isPending && !refusal && (
        <div className="relative">
          <FreshPill
            fresh={notes.fresh}
            gone={notes.gone.size}
            onShow={() => {
              if (mode === 'pages' && page > 1) address.setPage({ page: 1, size });
              loaded.refresh();
            }}
          />
          <RecordTable
            label={t('records.tableLabel', { name })}
            all={columns}
            columns={shown}
            layout={layout}
            onLayout={setLayout}
            data={data}
            displays={displays}
            order={address.order}
            onOrder={address.setOrder}
            selection={selection}
            onSelection={setSelection}
            changed={notes.changed}
            gone={notes.gone}
            openId={address.record}
            actions={actions}
            onSave={(row, column, value) => column.field && void save({ row, field: column.field, value })}
            low={summary}
            empty={
              filter || search ? (
                <NoMatch
                  onClear={() => {
                    setSearchText('');
                    address.clear();
                  }}
                />
              ) : (
                <NoRecords name={name} onCreate={() => openRecord('new')} />
              )
            }
          />
          <GridFooter
            data={loaded}
            mode={mode}
            onMode={address.setMode}
            page={page}
            size={size}
            onPage={address.setPage}
            collection={name}
            filter={within}
            search={search}
          />
        </div>
      )}
    </Card>
  );
}
