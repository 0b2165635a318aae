import {
  closestCenter,
  DndContext,
  type DragEndEvent,
  KeyboardSensor,
  PointerSensor,
  useSensor,
  useSensors,
} from '@dnd-kit/core';
import {
  SortableContext,
  sortableKeyboardCoordinates,
  useSortable,
  verticalListSortingStrategy,
} from '@dnd-kit/sortable';
import { Columns3, GripVertical, RotateCcw } from 'lucide-react';
import { Popover } from 'radix-ui';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { keepMovedFocus } from '@/shared/lib/focus';
import { Button } from '@/shared/ui/button';
import { Checkbox } from '@/shared/ui/input';
import {
  type ColumnLayout,
  emptyLayout,
  isDefault,
  isShown,
  moved,
  ordered,
  visible,
  withShown,
} from './column-layout';
import { dragTexts } from './drag-texts';
import type { GridColumn } from './grid-columns';

interface ColumnChooserProps {
  all: GridColumn[];
  layout: ColumnLayout;
  onLayout: (layout: ColumnLayout) => void;
}

/** Which columns are shown, and in which order. */
export function ColumnChooser({ all, layout, onLayout }: ColumnChooserProps) {
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const columns = ordered(all, layout);
  const lastShown = visible(all, layout).length === 1;
  const onDragEnd = ({ active, over }: DragEndEvent) => {
    if (over) onLayout(moved(all, layout, String(active.id), String(over.id)));
  };
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <Button size="sm">
          <Columns3 aria-hidden />
          {t('grid.columns')}
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={6}
          collisionPadding={8}
          aria-label={t('grid.columns')}
          onCloseAutoFocus={keepMovedFocus}
          className="z-50 flex max-h-[min(32rem,var(--radix-popover-content-available-height))] w-72 max-w-[calc(100vw-1rem)] flex-col rounded-xl border bg-surface-raised shadow-pop outline-none"
        >
          <p className="border-b px-4 py-2.5 text-[0.8125rem] text-muted">{t('grid.columnsLead')}</p>
          <DndContext
            sensors={sensors}
            collisionDetection={closestCenter}
            onDragEnd={onDragEnd}
            accessibility={dragTexts(all)}
          >
            <SortableContext items={columns} strategy={verticalListSortingStrategy}>
              <ul className="min-h-0 flex-1 overflow-y-auto p-1.5">
                {columns.map((column) => (
                  <Entry
                    key={column.id}
                    column={column}
                    shown={isShown(column, layout)}
                    locked={lastShown && isShown(column, layout)}
                    onShown={(shown) => onLayout(withShown(layout, column.id, shown))}
                  />
                ))}
              </ul>
            </SortableContext>
          </DndContext>
          <div className="border-t p-2">
            <Button
              variant="ghost"
              size="sm"
              className="w-full"
              disabled={isDefault(layout)}
              onClick={() => onLayout(emptyLayout)}
            >
              <RotateCcw aria-hidden />
              {t('grid.resetColumns')}
            </Button>
          </div>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

interface EntryProps {
  column: GridColumn;
  shown: boolean;
  /** Whether it is the last one that is shown, which stays. */
  locked: boolean;
  onShown: (shown: boolean) => void;
}

function Entry({ column, shown, locked, onShown }: EntryProps) {
  const { setNodeRef, setActivatorNodeRef, attributes, listeners, transform, transition, isDragging } = useSortable({
    id: column.id,
  });
  return (
    <li
      ref={setNodeRef}
      style={{ transform: transform ? `translateY(${Math.round(transform.y)}px)` : undefined, transition }}
      className={cn(
        'flex items-center gap-1 rounded-md pr-2 hover:bg-hover',
        isDragging && 'relative z-10 bg-surface-raised shadow-pop',
      )}
    >
      <button
        ref={setActivatorNodeRef}
        type="button"
        {...attributes}
        {...listeners}
        aria-label={t('grid.moveColumn', { name: column.label })}
        className="grid size-8 shrink-0 cursor-grab touch-none place-items-center rounded-md text-muted hover:text-foreground"
      >
        <GripVertical className="size-4" aria-hidden />
      </button>
      <label className="flex min-h-8 min-w-0 flex-1 cursor-pointer items-center gap-2.5">
        <Checkbox
          checked={shown}
          disabled={locked}
          aria-label={t('grid.showColumn', { name: column.label })}
          onChange={(event) => onShown(event.target.checked)}
        />
        <span className={cn('truncate', !shown && 'text-muted')}>{column.label}</span>
      </label>
    </li>
  );
}
