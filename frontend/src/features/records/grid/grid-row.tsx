import { memo, type MouseEvent } from 'react';
import type { RecordRow } from '@/shared/api/types';
import { fieldType } from '@/shared/collections/field-types';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { Checkbox } from '@/shared/ui/input';
import { shortId } from '../cell-value';
import { CellEditor, type Leaving } from './cell-editor';
import { ColumnValue } from './column-value';
import type { GridColumn } from './grid-columns';
import { type RowActions, RowMenu } from './row-menu';

/** What cells do; the same object for all rows and renders. */
export interface CellHandlers {
  focus: (row: number, column: number) => void;
  select: (row: RecordRow, range: boolean) => void;
  /** Begins to change a value, or changes it at once where there are but two. */
  edit: (row: RecordRow, column: GridColumn) => void;
  save: (row: RecordRow, column: GridColumn, value: unknown, leaving: Leaving) => void;
  cancel: (leaving: Leaving) => void;
}

interface GridRowProps {
  row: RecordRow;
  /** Place among the rows of the grid. */
  index: number;
  /** Place in the whole list, from 0. */
  place: number;
  columns: GridColumn[];
  displays: Record<string, string | undefined>;
  /** The column that Tab leads to in this row, if it does. */
  activeColumn: number | undefined;
  /** The row and column that are being changed, if in this row. */
  editing: { row: RecordRow; column: string } | undefined;
  selected: boolean;
  open: boolean;
  changed: boolean;
  gone: boolean;
  handlers: CellHandlers;
  actions: RowActions;
}

const cell = 'relative h-[2.8125rem] border-b px-4 py-1.5 -outline-offset-2';

export const GridRow = memo(function GridRow(props: GridRowProps) {
  const { row, index, place, columns, activeColumn, selected, open, changed, gone, handlers, actions } = props;
  const last = columns.length + 1;
  const focusable = (column: number) => ({
    'data-cell': `${index}:${column}`,
    'aria-colindex': column + 1,
    tabIndex: activeColumn === column ? 0 : -1,
    onFocus: () => handlers.focus(index, column),
  });
  return (
    <tr
      data-row-id={row.id}
      data-changed={changed || undefined}
      aria-rowindex={place + 2}
      aria-selected={selected}
      className={cn(
        'group transition-colors duration-200',
        selected || open ? 'bg-accent-subtle' : changed ? 'bg-info-subtle' : 'bg-surface hover:bg-subtle',
        gone && 'text-muted line-through',
      )}
    >
      <td {...focusable(0)} className={cn(cell, 'sticky left-0 z-[2] bg-inherit pr-2')}>
        {changed && (
          <span className="absolute inset-y-1.5 left-1 w-1 rounded-full bg-info" title={t('grid.rowChanged')}>
            <span className="sr-only">{t('grid.rowChanged')}</span>
          </span>
        )}
        <Checkbox
          className="relative align-middle before:absolute before:-inset-3.5"
          tabIndex={-1}
          aria-label={t('grid.select', { id: shortId(row.id) })}
          checked={selected}
          disabled={gone}
          onChange={() => undefined}
          onClick={(event) => handlers.select(row, event.shiftKey)}
        />
      </td>
      {columns.map((column, position) => (
        <DataCell key={column.id} {...props} column={column} place={position + 1} focusable={focusable(position + 1)} />
      ))}
      <td {...focusable(last)} className={cn(cell, 'sticky right-0 z-[1] bg-inherit pr-2 pl-0 text-right')}>
        {gone ? <span className="sr-only">{t('grid.rowGone')}</span> : <RowMenu row={row} actions={actions} />}
      </td>
    </tr>
  );
});

type DataCellProps = GridRowProps & { column: GridColumn; focusable: object };

function DataCell({ row, column, place, displays, editing, gone, focusable, handlers, actions }: DataCellProps) {
  const { field } = column;
  const edited = field && editing?.column === column.id ? editing.row : undefined;
  const editable = column.editable && !gone;
  return (
    <td
      {...focusable}
      aria-readonly={!editable}
      className={cn(
        cell,
        'whitespace-nowrap',
        !edited && 'truncate',
        place === 1 && 'sticky left-11 z-[1] bg-inherit',
        edited && 'z-[3]',
        column.align === 'right' && 'text-right tabular-nums',
        editable && 'hover:shadow-[inset_0_0_0_1px_var(--border)]',
      )}
      onClick={(event) => {
        if (isTap(event)) actions.open(row);
      }}
      onDoubleClick={(event) => {
        if (editable && isOwn(event)) handlers.edit(row, column);
      }}
    >
      {field && edited ? (
        <CellEditor
          row={edited}
          field={field}
          onSave={(value, leaving) => handlers.save(edited, column, value, leaving)}
          onCancel={handlers.cancel}
        />
      ) : (
        <ColumnValue column={column} row={row} displays={displays} onOpen={actions.open} />
      )}
    </td>
  );
}

/** Whether the pointer met the cell itself and nothing with an action of its own. */
function isOwn({ target, currentTarget }: MouseEvent<HTMLElement>): boolean {
  if (!(target instanceof Element) || !currentTarget.contains(target)) return false;
  return target.closest('a, button, input, textarea, label') === null;
}

/** A finger opens the record: it has no other way to, and changes values in the record's form. */
function isTap(event: MouseEvent<HTMLElement>): boolean {
  return (event.nativeEvent as PointerEvent).pointerType === 'touch' && isOwn(event);
}

/** Whether a value of the column has but two states, and changes without an editor. */
export function isToggle(column: GridColumn): boolean {
  return column.field !== undefined && fieldType(column.field) === 'boolean';
}
