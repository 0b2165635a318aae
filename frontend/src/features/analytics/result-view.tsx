import { ChartColumn, ChartLine, ChartPie, Download, Table2 } from 'lucide-react';
import { lazy, Suspense, useMemo } from 'react';
import { t, tn } from '@/shared/i18n';
import { saveFile } from '@/shared/lib/download';
import { Button } from '@/shared/ui/button';
import { Choice } from '@/shared/ui/choice';
import { type DataColumn, DataTable } from '@/shared/ui/data-table';
import { Skeleton } from '@/shared/ui/states';
import {
  cellText,
  fittingViews,
  MOST_DRAWN,
  type ResultColumn,
  resultCsv,
  type ResultRow,
  sortedRows,
  type View,
} from './result';

const ResultChart = lazy(() => import('./result-chart').then((module) => ({ default: module.ResultChart })));
const icons = { table: Table2, bar: ChartColumn, line: ChartLine, pie: ChartPie };
const positions = new WeakMap<ResultRow, number>();

interface ResultViewProps {
  collection: string;
  columns: ResultColumn[];
  rows: ResultRow[];
  total: number;
  stale: boolean;
  view: View | undefined;
  onViewChange: (view: View) => void;
  sort: string | undefined;
  onSortChange: (sort: string) => void;
}

function tableColumns(columns: ResultColumn[]): DataColumn<ResultRow>[] {
  return columns.map((column) => ({
    id: column.key,
    header: column.label,
    cell: ({ row }) => cellText(row.original[column.key], column),
    meta: { sortKey: column.key, align: column.type === 'number' ? 'right' : undefined },
  }));
}

/** A result as a table, and drawn where that is possible. */
export function ResultView(props: ResultViewProps) {
  const { collection, columns, rows, total, stale, onViewChange, sort, onSortChange } = props;
  const fitting = fittingViews(columns, rows);
  const view = props.view && fitting.includes(props.view) ? props.view : (fitting[0] ?? 'table');
  const sorted = useMemo(() => {
    const result = sortedRows(rows, sort);
    result.forEach((row, index) => positions.set(row, index));
    return result;
  }, [rows, sort]);

  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-3 border-b px-4 py-3">
        <p className="font-medium max-sm:w-full sm:mr-auto" role="status">
          {tn('analytics.groups', total)}
        </p>
        {fitting.length > 1 && (
          <Choice
            name="view"
            value={view}
            onChange={onViewChange}
            options={fitting.map((value) => ({ value, label: t(`analytics.views.${value}`), icon: icons[value] }))}
          />
        )}
        <Button
          disabled={rows.length === 0}
          onClick={() =>
            saveFile(
              new Blob([resultCsv(columns, sorted)], { type: 'text/csv;charset=utf-8' }),
              `${collection}_analytics.csv`,
            )
          }
        >
          <Download aria-hidden />
          {t('analytics.exportCsv')}
        </Button>
      </div>
      {view !== 'table' && (
        <div className="border-b">
          <Suspense fallback={<Skeleton className="m-4 h-72" />}>
            <ResultChart view={view} columns={columns} rows={sorted} />
          </Suspense>
          {rows.length > MOST_DRAWN && (
            <p className="px-4 pb-3 text-[0.8125rem] text-muted">{t('analytics.firstDrawn', { count: MOST_DRAWN })}</p>
          )}
        </div>
      )}
      <DataTable
        boxed
        label={t('analytics.tableLabel', { name: collection })}
        columns={tableColumns(columns)}
        rows={sorted}
        rowId={(row) => String(positions.get(row) ?? 0)}
        sort={sort}
        onSortChange={onSortChange}
        stale={stale}
        empty={<p className="p-8 text-center text-muted">{t('analytics.noGroups')}</p>}
      />
    </>
  );
}
