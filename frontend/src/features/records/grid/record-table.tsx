import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { RecordRow } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { useMedia } from '@/shared/lib/use-media';
import { Checkbox } from '@/shared/ui/input';
import { Skeleton } from '@/shared/ui/states';
import { widthOf } from './column-layout';
import type { Leaving } from './cell-editor';
import { type CellPlace, nextCell } from './grid-keys';
import type { GridColumn } from './grid-columns';
import { ColumnDragging, HeaderCell, type HeaderProps, SortableColumns } from './grid-header';
import { type CellHandlers, GridRow, isToggle } from './grid-row';
import type { RowActions } from './row-menu';
import { allToggled, coverage, extended, type Selection, toggled } from './selection';
import type { GridRows } from './use-grid-rows';

interface RecordTableProps extends HeaderProps {
  label: string;
  /** The columns that are shown. */
  columns: GridColumn[];
  data: GridRows;
  displays: Record<string, string | undefined>;
  selection: Selection;
  onSelection: (selection: Selection) => void;
  changed: Readonly<Record<string, number>>;
  gone: ReadonlySet<string>;
  openId: string | undefined;
  actions: RowActions;
  onSave: (row: RecordRow, column: GridColumn, value: unknown) => void;
  /** Leaves room for what else stands above. */
  low: boolean;
  /** Stands in the place of the rows when there are none. */
  empty: ReactNode;
}

const ROW_HEIGHT = 45;
const HEAD_HEIGHT = 40;
const SELECT_WIDTH = 44;
const ACTIONS_WIDTH = 52;
const VIRTUAL_FROM = 60;
/** The first column stays in view; on a phone it must leave room for the others. */
const WIDEST_PINNED = 132;

/** The records as a grid of cells: drawn as far as they are in view, walked through by arrow keys, changed in place. */
export function RecordTable(props: RecordTableProps) {
  const { label, columns, data, layout, selection, onSelection, actions, onSave } = props;
  const { rows, start, more, total, place } = data;
  const box = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<CellPlace>({ row: -1, column: 1 });
  const [editing, setEditing] = useState<{ row: RecordRow; column: string } | undefined>();
  const wantsFocus = useRef(false);
  const narrow = useMedia('(max-width: 639px)');
  const end = start + rows.length;
  const columnCount = columns.length + 2;
  // Rows and columns may be fewer than when the cell was chosen.
  const current: CellPlace = {
    row: active.row === -1 || rows.length === 0 ? -1 : Math.max(start, Math.min(active.row, end - 1)),
    column: Math.min(active.column, columnCount - 1),
  };

  const virtual = start > 0 || more || rows.length >= VIRTUAL_FROM;
  // The code is not compiled by the React Compiler, which this rule is about.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtualizer = useVirtualizer({
    count: virtual ? end + (more ? 1 : 0) : 0,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  });
  const items = virtualizer.getVirtualItems();
  const first = virtual ? (items[0]?.index ?? 0) : 0;
  const last = virtual ? (items.at(-1)?.index ?? 0) : rows.length - 1;
  const before = virtual ? (items[0]?.start ?? 0) : 0;
  const after = virtual ? virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0) : 0;

  useEffect(() => {
    if (virtual) data.need(first, last);
  });
  useLayoutEffect(() => {
    if (!wantsFocus.current) return;
    const cell = box.current?.querySelector<HTMLElement>(`[data-cell="${current.row}:${current.column}"]`);
    if (!cell) return;
    wantsFocus.current = false;
    cell.focus();
  });

  function go(next: CellPlace) {
    wantsFocus.current = true;
    setActive(next);
    if (virtual && next.row >= 0) virtualizer.scrollToIndex(next.row, { align: 'auto' });
  }

  function leave(leaving: Leaving) {
    setEditing(undefined);
    if (leaving === 'away') return;
    const step = { down: [1, 0], right: [0, 1], left: [0, -1], stay: [0, 0] }[leaving];
    go({
      row: Math.min(current.row + (step[0] ?? 0), end - 1),
      column: Math.max(0, Math.min(current.column + (step[1] ?? 0), columnCount - 1)),
    });
  }

  function edit(row: RecordRow, column: GridColumn) {
    if (!column.editable || !column.field || props.gone.has(row.id)) return;
    if (isToggle(column)) onSave(row, column, row[column.field.name] !== true);
    else setEditing({ row, column: column.id });
  }

  const own: CellHandlers = {
    focus: (row, column) => {
      if (row !== active.row || column !== active.column) setActive({ row, column });
    },
    select: (row, range) => onSelection(range ? extended(selection, rows, row) : toggled(selection, row)),
    edit,
    save: (row, column, value, leaving) => {
      leave(leaving);
      onSave(row, column, value);
    },
    cancel: leave,
  };
  const latest = useRef(own);
  useLayoutEffect(() => {
    latest.current = own;
  });
  // The same object in every render, so that rows are drawn again only when they change.
  const [handlers] = useState<CellHandlers>(() => ({
    focus: (...values) => latest.current.focus(...values),
    select: (...values) => latest.current.select(...values),
    edit: (...values) => latest.current.edit(...values),
    save: (...values) => latest.current.save(...values),
    cancel: (...values) => latest.current.cancel(...values),
  }));

  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    const target = event.target as HTMLElement;
    const cell = target.closest<HTMLElement>('[data-cell]');
    if (event.defaultPrevented || event.altKey || !cell || !event.currentTarget.contains(cell)) return;
    const row = rows[current.row - start];
    const column = columns[current.column - 1];
    if (target === cell && row && current.row >= 0) {
      const handled = () => event.preventDefault();
      if (event.key === ' ') {
        handled();
        return handlers.select(row, event.shiftKey);
      }
      if (event.key === 'Enter' && current.column === columnCount - 1) {
        handled();
        // The menu's button opens it by keys, not by a click.
        cell
          .querySelector('button')
          ?.dispatchEvent(new window.KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
        return;
      }
      if (event.key === 'Enter' || event.key === 'F2') {
        handled();
        if (column?.editable) return edit(row, column);
        return event.key === 'Enter' ? actions.open(row) : undefined;
      }
    }
    const page = Math.max(1, Math.floor(((box.current?.clientHeight ?? 0) - HEAD_HEIGHT) / ROW_HEIGHT) - 1);
    const next = nextCell(current, event, { first: start, last: end - 1, columns: columnCount, page });
    if (!next) return;
    event.preventDefault();
    go(next);
  }

  const widths = columns.map((column, index) =>
    index === 0 && narrow ? Math.min(WIDEST_PINNED, widthOf(column, layout)) : widthOf(column, layout),
  );
  const shown = virtual ? items.map(({ index }) => index) : rows.map((_, index) => index);
  const chosen = coverage(selection, rows);

  return (
    <ColumnDragging {...props}>
      <div
        ref={box}
        className={cn(
          'relative overflow-auto',
          props.low ? 'max-h-[max(20rem,calc(100dvh-28rem))]' : 'max-h-[max(20rem,calc(100dvh-23.5rem))]',
        )}
        style={{
          scrollPaddingTop: HEAD_HEIGHT,
          scrollPaddingLeft: SELECT_WIDTH + (widths[0] ?? 0),
          scrollPaddingRight: ACTIONS_WIDTH,
        }}
      >
        <table
          role="grid"
          aria-label={label}
          aria-multiselectable
          aria-rowcount={total === null ? -1 : total + 1}
          aria-colcount={columnCount}
          className="w-full table-fixed border-separate border-spacing-0 text-left"
          style={{ minWidth: SELECT_WIDTH + ACTIONS_WIDTH + widths.reduce((sum, width) => sum + width, 0) }}
          onKeyDown={onKeyDown}
        >
          <colgroup>
            <col style={{ width: SELECT_WIDTH }} />
            {columns.map((column, index) => (
              <col key={column.id} style={{ width: widths[index] }} />
            ))}
            <col />
          </colgroup>
          <thead>
            <tr aria-rowindex={1}>
              <th
                scope="col"
                aria-colindex={1}
                className="sticky top-0 left-0 z-20 h-10 border-b bg-subtle px-4 pr-2 align-middle"
              >
                <Checkbox
                  data-cell="-1:0"
                  className="align-middle indeterminate:border-accent indeterminate:bg-accent/40"
                  tabIndex={current.row === -1 && current.column === 0 ? 0 : -1}
                  aria-label={t('grid.selectAll')}
                  disabled={rows.length === 0}
                  checked={chosen === 'all'}
                  ref={(input) => {
                    if (input) input.indeterminate = chosen === 'some';
                  }}
                  onFocus={() => handlers.focus(-1, 0)}
                  onChange={() => onSelection(allToggled(selection, rows))}
                />
              </th>
              <SortableColumns columns={columns}>
                {columns.map((column, index) => (
                  <HeaderCell
                    key={column.id}
                    {...props}
                    column={column}
                    place={index + 1}
                    pinned={index === 0}
                    active={current.row === -1 && current.column === index + 1}
                    onFocus={() => handlers.focus(-1, index + 1)}
                  />
                ))}
              </SortableColumns>
              <th
                scope="col"
                aria-colindex={columnCount}
                data-cell={`-1:${columnCount - 1}`}
                tabIndex={current.row === -1 && current.column === columnCount - 1 ? 0 : -1}
                className="sticky top-0 right-0 z-20 h-10 border-b bg-subtle -outline-offset-2"
              >
                <span className="sr-only">{t('common.actions')}</span>
              </th>
            </tr>
          </thead>
          <tbody className={cn('transition-opacity', data.stale && 'opacity-60')}>
            {before > 0 && <Spacer height={before} span={columnCount} />}
            {shown.map((index) => {
              const row = rows[index - start];
              if (!row) return <Waiting key={`waiting-${index}`} span={columnCount} />;
              return (
                <GridRow
                  key={row.id}
                  row={row}
                  index={index}
                  place={place - start + index}
                  columns={columns}
                  displays={props.displays}
                  activeColumn={current.row === index ? current.column : undefined}
                  editing={editing?.row.id === row.id ? editing : undefined}
                  selected={selection.rows.has(row.id)}
                  open={props.openId === row.id}
                  changed={props.changed[row.id] !== undefined}
                  gone={props.gone.has(row.id)}
                  handlers={handlers}
                  actions={actions}
                />
              );
            })}
            {after > 0 && <Spacer height={after} span={columnCount} />}
          </tbody>
        </table>
        {rows.length === 0 && <div className="sticky left-0">{props.empty}</div>}
      </div>
    </ColumnDragging>
  );
}

function Spacer({ height, span }: { height: number; span: number }) {
  return (
    <tr aria-hidden>
      <td colSpan={span} style={{ height, padding: 0 }} />
    </tr>
  );
}

/** A row that is being loaded. */
function Waiting({ span }: { span: number }) {
  return (
    <tr aria-hidden className="bg-surface">
      <td colSpan={span} className="h-[2.8125rem] border-b px-4">
        <Skeleton className="h-3.5 w-72" />
      </td>
    </tr>
  );
}
