import { DndContext, type DragEndEvent, PointerSensor, useSensor, useSensors } from '@dnd-kit/core';
import { horizontalListSortingStrategy, SortableContext, useSortable } from '@dnd-kit/sortable';
import { ArrowDown, ArrowUp, ChevronDown } from 'lucide-react';
import { type KeyboardEvent, type PointerEvent, type ReactNode, useId, useState } from 'react';
import { FieldIcon } from '@/shared/collections/field-icon';
import { fieldType } from '@/shared/collections/field-types';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { Menu, MenuTrigger } from '@/shared/ui/menu';
import { ColumnMenuContent } from './column-menu';
import { type ColumnLayout, moved, nudged, widthOf, withoutWidth, withWidth } from './column-layout';
import { dragTexts } from './drag-texts';
import type { GridColumn } from './grid-columns';
import { pressed, type SortKey } from './sort-order';

export interface HeaderProps {
  /** All columns, hidden ones too. */
  all: GridColumn[];
  layout: ColumnLayout;
  onLayout: (layout: ColumnLayout) => void;
  order: SortKey[];
  onOrder: (order: SortKey[]) => void;
}

const WIDTH_STEP = 16;

/** Lets columns be dragged; stands around the table, where its own elements may be. */
export function ColumnDragging({ all, layout, onLayout, children }: HeaderProps & { children: ReactNode }) {
  const sensors = useSensors(useSensor(PointerSensor, { activationConstraint: { distance: 8 } }));
  const onDragEnd = ({ active, over }: DragEndEvent) => {
    if (over) onLayout(moved(all, layout, String(active.id), String(over.id)));
  };
  return (
    <DndContext sensors={sensors} onDragEnd={onDragEnd} accessibility={dragTexts(all)}>
      {children}
    </DndContext>
  );
}

export function SortableColumns({ columns, children }: { columns: GridColumn[]; children: ReactNode }) {
  return (
    <SortableContext items={columns} strategy={horizontalListSortingStrategy}>
      {children}
    </SortableContext>
  );
}

interface HeaderCellProps extends HeaderProps {
  column: GridColumn;
  /** Place among the grid's columns, from 0. */
  place: number;
  /** Whether Tab leads here. */
  active: boolean;
  pinned: boolean;
  onFocus: () => void;
}

/** A column's head: sorts, opens the column's menu, is dragged, and has its edge dragged. */
export function HeaderCell(props: HeaderCellProps) {
  const { all, column, place, active, pinned, layout, onLayout, order, onOrder, onFocus } = props;
  const [menuOpen, setMenuOpen] = useState(false);
  const { setNodeRef, listeners, transform, transition, isDragging } = useSortable({ id: column.id });
  const sortId = useId();
  const { sortKey } = column;
  const index = order.findIndex((key) => key.column === sortKey);
  const key = order[index];
  const direction = key ? (key.descending ? 'descending' : 'ascending') : 'none';
  const width = widthOf(column, layout);
  const sorted = sortDescription(index, order, direction);

  function onKeyDown(event: KeyboardEvent) {
    const arrow = { ArrowLeft: -1, ArrowRight: 1 }[event.key] as 1 | -1 | undefined;
    if ((event.altKey && event.key === 'ArrowDown') || event.key === 'ContextMenu') setMenuOpen(true);
    else if (arrow && event.altKey) onLayout(nudged(all, layout, column.id, arrow));
    else if (arrow && event.shiftKey) onLayout(withWidth(layout, column.id, width + arrow * WIDTH_STEP));
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <th
      ref={setNodeRef}
      scope="col"
      aria-colindex={place + 1}
      aria-sort={sortKey ? (index === 0 ? direction : 'none') : undefined}
      style={{
        transform: transform ? `translateX(${Math.round(transform.x)}px)` : undefined,
        transition,
      }}
      className={cn(
        'group/head sticky top-0 z-10 h-10 border-b bg-subtle px-4 text-[0.8125rem] font-medium whitespace-nowrap text-muted',
        pinned && 'left-11 z-20',
        isDragging && 'z-30 bg-hover text-foreground shadow-pop',
      )}
    >
      <Menu open={menuOpen} onOpenChange={setMenuOpen}>
        <div className={cn('flex items-center gap-0.5', column.align === 'right' && 'justify-end')}>
          <button
            type="button"
            data-cell={`-1:${place}`}
            tabIndex={active ? 0 : -1}
            aria-describedby={sorted ? sortId : undefined}
            title={t('grid.headerKeys')}
            className={cn(
              '-mx-2 inline-flex h-7 min-w-0 items-center gap-1.5 rounded-md px-2 hover:bg-hover hover:text-foreground',
              direction !== 'none' && 'text-foreground',
            )}
            {...listeners}
            onFocus={onFocus}
            onKeyDown={onKeyDown}
            onClick={(event) => sortKey && onOrder(pressed(order, sortKey, event.shiftKey))}
          >
            {column.field && <FieldIcon type={fieldType(column.field)} className="size-3.5 shrink-0 text-accent" />}
            <span className="truncate">{column.label}</span>
            {direction !== 'none' && <SortMark direction={direction} place={order.length > 1 ? index + 1 : 0} />}
          </button>
          <MenuTrigger asChild>
            <button
              type="button"
              tabIndex={-1}
              aria-label={t('grid.columnMenu', { name: column.label })}
              className="absolute top-2 right-1.5 grid size-6 place-items-center rounded-md bg-subtle opacity-0 group-hover/head:opacity-100 hover:bg-hover hover:text-foreground focus-visible:opacity-100 data-[state=open]:opacity-100 pointer-coarse:opacity-100"
            >
              <ChevronDown className="size-3.5" aria-hidden />
            </button>
          </MenuTrigger>
        </div>
        <ColumnMenuContent {...props} />
      </Menu>
      {sorted && (
        <span id={sortId} className="sr-only">
          {sorted}
        </span>
      )}
      <Edge
        width={width}
        onWidth={(next) => onLayout(withWidth(layout, column.id, next))}
        onReset={() => onLayout(withoutWidth(layout, column.id))}
      />
    </th>
  );
}

function sortDescription(index: number, order: SortKey[], direction: string): string | undefined {
  if (index === -1 || order.length < 2) return undefined;
  const way = t(direction === 'descending' ? 'grid.descending' : 'grid.ascending');
  return t('grid.sortPlace', { place: index + 1, direction: way });
}

/** The direction of the order, and the column's place in it where there are several. */
function SortMark({ direction, place }: { direction: string; place: number }) {
  const Icon = direction === 'ascending' ? ArrowUp : ArrowDown;
  return (
    <span className="inline-flex items-center" aria-hidden>
      <Icon className="size-3.5" />
      {place > 0 && (
        <span data-place={place} className="text-[0.6875rem] tabular-nums after:content-[attr(data-place)]" />
      )}
    </span>
  );
}

interface EdgeProps {
  width: number;
  onWidth: (width: number) => void;
  onReset: () => void;
}

/** The right edge of a column, to be dragged; a double click gives back the first width. The keyboard has Shift with the arrows. */
function Edge({ width, onWidth, onReset }: EdgeProps) {
  const [from, setFrom] = useState<{ x: number; width: number } | null>(null);
  return (
    <span
      aria-hidden
      className={cn(
        'absolute inset-y-0 right-0 z-10 w-2 cursor-col-resize touch-none after:absolute after:inset-y-2 after:right-0 after:w-px after:bg-border hover:after:inset-y-0 hover:after:w-0.5 hover:after:bg-accent',
        from && 'after:inset-y-0 after:w-0.5 after:bg-accent',
      )}
      onPointerDown={(event: PointerEvent<HTMLElement>) => {
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        setFrom({ x: event.clientX, width });
      }}
      onPointerMove={(event) => from && onWidth(from.width + event.clientX - from.x)}
      onPointerUp={() => setFrom(null)}
      onPointerCancel={() => setFrom(null)}
      onDoubleClick={onReset}
    />
  );
}
