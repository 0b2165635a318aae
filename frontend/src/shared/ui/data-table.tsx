import { type ColumnDef, tableFeatures, useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp, ChevronsUpDown } from 'lucide-react';
import { type KeyboardEvent, type MouseEvent, type ReactNode, useRef } from 'react';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { nextSort, parseSort } from '@/shared/lib/list-search';
import { Skeleton } from './states';

interface ColumnMeta {
  /** Name of the column in the API's sort parameter; the column cannot be sorted without. */
  sortKey?: string;
  /** Classes of the column's cells, to hide it on narrow screens for instance. */
  className?: string;
  align?: 'right';
  /** Keeps the column in view while the others scroll sideways. */
  pinned?: boolean;
}

// Rows come sorted and paged from the server, so none of the table's own features is needed.
const features = tableFeatures({ columnMeta: {} as ColumnMeta });

export type DataColumn<Row extends object> = ColumnDef<typeof features, Row, unknown>;

interface DataTableProps<Row extends object> {
  /** Names the table for assistive technology. */
  label: string;
  columns: DataColumn<Row>[];
  rows: Row[];
  rowId: (row: Row) => string;
  sort?: string;
  onSortChange?: (sort: string) => void;
  /** Opens a row by click or Enter; the first cell should hold a link or button of its own as well. */
  onOpenRow?: (row: Row) => void;
  /** The row that is open now. */
  openRowId?: string;
  /** Shows rows that are about to be replaced. */
  stale?: boolean;
  /** Stands in the place of the rows when there are none. */
  empty?: ReactNode;
  /** Gives the table a scrolling box of its own with a fixed head; long pages draw only the rows in view. */
  boxed?: boolean;
}

const ROW_HEIGHT = 45;
const VIRTUAL_FROM = 60;

export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { label, columns, rows, rowId, sort, onSortChange, onOpenRow, openRowId, stale, empty, boxed } = props;
  const box = useRef<HTMLDivElement>(null);
  const table = useTable({ features, columns, data: rows, getRowId: rowId });
  const modelRows = table.getRowModel().rows;
  const virtual = boxed && modelRows.length >= VIRTUAL_FROM;
  // The code is not compiled by the React Compiler, which this rule is about.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtualizer = useVirtualizer({
    count: virtual ? modelRows.length : 0,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  });
  const items = virtualizer.getVirtualItems();
  const shown = virtual ? items.flatMap((item) => modelRows[item.index] ?? []) : modelRows;
  const before = virtual ? (items[0]?.start ?? 0) : 0;
  const after = virtual ? virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0) : 0;

  return (
    <div
      ref={box}
      role="region"
      aria-label={label}
      // A box that scrolls must be reachable by keyboard.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      className={cn('relative overflow-auto -outline-offset-2', boxed && 'max-h-[max(20rem,calc(100dvh-20.5rem))]')}
    >
      <table className="w-full border-separate border-spacing-0 text-left" aria-rowcount={rows.length}>
        <caption className="sr-only">{label}</caption>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              {group.headers.map((header) => {
                const { sortKey, className, align, pinned } = header.column.columnDef.meta ?? {};
                const current = sort ? parseSort(sort) : null;
                const direction =
                  current && current.column === sortKey ? (current.descending ? 'descending' : 'ascending') : 'none';
                return (
                  <th
                    key={header.id}
                    scope="col"
                    aria-sort={sortKey ? direction : undefined}
                    className={cn(
                      'h-10 border-b bg-subtle px-4 text-[0.8125rem] font-medium whitespace-nowrap text-muted',
                      boxed && 'sticky top-0 z-10',
                      pinned && 'sticky left-0 z-20',
                      align === 'right' && 'text-right',
                      className,
                    )}
                  >
                    {sortKey && onSortChange ? (
                      <SortButton direction={direction} onClick={() => onSortChange(nextSort(sort ?? '', sortKey))}>
                        <table.FlexRender header={header} />
                      </SortButton>
                    ) : (
                      <table.FlexRender header={header} />
                    )}
                  </th>
                );
              })}
            </tr>
          ))}
        </thead>
        <tbody className={cn('transition-opacity', stale && 'opacity-60')}>
          {before > 0 && <Spacer height={before} span={columns.length} />}
          {shown.map((row) => (
            <tr
              key={row.id}
              data-row-id={row.id}
              className={cn(
                'group',
                onOpenRow && 'cursor-pointer',
                row.id === openRowId ? 'bg-accent-subtle' : 'bg-surface hover:bg-subtle',
              )}
              onClick={(event) => {
                if (onOpenRow && isOwnClick(event)) onOpenRow(row.original);
              }}
            >
              {row.getAllCells().map((cell) => {
                const { className, align, pinned } = cell.column.columnDef.meta ?? {};
                return (
                  <td
                    key={cell.id}
                    className={cn(
                      'h-[2.8125rem] border-b px-4 py-1.5 group-last:border-b-0',
                      pinned && 'sticky left-0 z-[1] bg-inherit',
                      align === 'right' && 'text-right tabular-nums',
                      className,
                    )}
                  >
                    <table.FlexRender cell={cell} />
                  </td>
                );
              })}
            </tr>
          ))}
          {after > 0 && <Spacer height={after} span={columns.length} />}
        </tbody>
      </table>
      {rows.length === 0 && empty}
    </div>
  );
}

/** Whether a click met the row itself: nothing with an action of its own, nor a dialog that one of its cells opened. */
function isOwnClick({ target, currentTarget }: MouseEvent<HTMLElement>): boolean {
  if (!(target instanceof Element) || !currentTarget.contains(target)) return false;
  return target.closest('a, button, input, label, [role="menuitem"]') === null;
}

function Spacer({ height, span }: { height: number; span: number }) {
  return (
    <tr aria-hidden>
      <td colSpan={span} style={{ height, padding: 0 }} />
    </tr>
  );
}

function SortButton({ direction, onClick, children }: { direction: string; onClick: () => void; children: ReactNode }) {
  const Icon = direction === 'none' ? ChevronsUpDown : direction === 'ascending' ? ArrowUp : ArrowDown;
  return (
    <button
      type="button"
      onClick={onClick}
      className={cn(
        '-mx-2 inline-flex h-7 items-center gap-1.5 rounded-md px-2 hover:bg-hover hover:text-foreground',
        direction !== 'none' && 'text-foreground',
      )}
    >
      {children}
      <Icon className={cn('size-3.5', direction === 'none' && 'opacity-50')} aria-hidden />
    </button>
  );
}

/** Moves the focus between the rows' first controls with the arrow keys. */
export function moveBetweenRows(event: KeyboardEvent<HTMLElement>) {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const row = (event.target as HTMLElement).closest('tr');
  const next = event.key === 'ArrowDown' ? row?.nextElementSibling : row?.previousElementSibling;
  const control = next?.querySelector<HTMLElement>('a, button');
  if (!control) return;
  event.preventDefault();
  control.focus();
}

/** Stands in the place of a table while its first rows are loading; as high as the rows will be. */
export function TableSkeleton({ columns = 4, rows = 8 }: { columns?: number; rows?: number }) {
  return (
    <div role="status" aria-label={t('common.loading')}>
      <div className="h-10 border-b bg-subtle" />
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex h-[2.8125rem] items-center gap-6 border-b px-4 last:border-b-0">
          {Array.from({ length: columns }, (_, column) => (
            <Skeleton
              key={column}
              className={cn('h-3.5', column === 0 ? 'w-40' : 'w-24', column > 1 && 'max-sm:hidden')}
            />
          ))}
        </div>
      ))}
    </div>
  );
}
