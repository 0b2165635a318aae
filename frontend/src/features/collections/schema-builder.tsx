import {
  closestCenter,
  DndContext,
  type DragEndEvent,
  KeyboardSensor,
  type Modifier,
  PointerSensor,
  type UniqueIdentifier,
  useSensor,
  useSensors,
} from '@dnd-kit/core';
import { SortableContext, sortableKeyboardCoordinates, verticalListSortingStrategy } from '@dnd-kit/sortable';
import { Plus } from 'lucide-react';
import { useRef } from 'react';
import { useFieldArray, useFormContext } from 'react-hook-form';
import { FieldIcon } from '@/shared/collections/field-icon';
import { t } from '@/shared/i18n';
import { Button } from '@/shared/ui/button';
import { FieldCard } from './field-card';
import { emptyDraft, type FieldDraft } from './field-draft';
import { orderChange } from './field-order';
import type { IndexDraft } from './index-draft';

/** Values of the form around the builder. */
export interface SchemaFormValues {
  name: string;
  fields: FieldDraft[];
  indexes: IndexDraft[];
}

const quickTypes = ['text', 'number', 'boolean', 'date', 'reference', 'file', 'computed'] as const;

const upAndDown: Modifier = ({ transform }) => ({ ...transform, x: 0 });

/** The list of a collection's fields, to add to, order and change; stands inside a form of {@link SchemaFormValues}. */
export function SchemaBuilder({ targets }: { targets: string[] }) {
  const form = useFormContext<SchemaFormValues>();
  const { fields, append, remove, move } = useFieldArray({ control: form.control, name: 'fields' });
  const error = form.formState.errors.fields;
  const ids = fields.map(({ id }) => id);
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );

  const dragged = useRef('');
  const moved = useRef(false);
  const place = (id: UniqueIdentifier | undefined) => ids.indexOf(String(id));
  const say = (key: 'lifted' | 'over' | 'dropped' | 'cancelled', at: UniqueIdentifier) =>
    t(`collections.drag.${key}`, { name: dragged.current, place: place(at) + 1, count: ids.length });

  function add(type: FieldDraft['type']) {
    append({ ...emptyDraft(), type }, { focusName: `fields.${fields.length}.name` });
  }

  function onDragEnd({ active, over }: DragEndEvent) {
    const change = orderChange(ids, active.id, over?.id);
    if (change) move(change.from, change.to);
  }

  return (
    <div>
      <DndContext
        sensors={sensors}
        collisionDetection={closestCenter}
        modifiers={[upAndDown]}
        onDragEnd={onDragEnd}
        accessibility={{
          screenReaderInstructions: { draggable: t('collections.drag.how') },
          announcements: {
            onDragStart: ({ active }) => {
              const at = place(active.id);
              // When it is dropped the form has moved it already.
              dragged.current =
                form.getValues(`fields.${at}.name`) || t('collections.unnamedField', { number: at + 1 });
              moved.current = false;
              return say('lifted', active.id);
            },
            onDragOver: ({ active, over }) => {
              // At first it is over its own place, which lifting has told.
              if (!over || (!moved.current && over.id === active.id)) return undefined;
              moved.current = true;
              return say('over', over.id);
            },
            onDragEnd: ({ active, over }) => say('dropped', over?.id ?? active.id),
            onDragCancel: ({ active }) => say('cancelled', active.id),
          },
        }}
      >
        <SortableContext items={ids} strategy={verticalListSortingStrategy}>
          <ol className="space-y-3">
            {fields.map((field, index) => (
              <FieldCard
                key={field.id}
                id={field.id}
                index={index}
                count={fields.length}
                targets={targets}
                onMove={(to) => move(index, to)}
                onRemove={() => remove(index)}
              />
            ))}
          </ol>
        </SortableContext>
      </DndContext>
      {(error?.root?.message ?? error?.message) && (
        <p className="mt-2 text-[0.8125rem] text-danger" role="alert">
          {error?.root?.message ?? error?.message}
        </p>
      )}
      <div className="mt-3 flex flex-wrap items-center gap-1.5 rounded-xl border border-dashed p-2.5">
        <span className="mr-1 flex items-center gap-1.5 pl-1.5 text-muted">
          <Plus className="size-4" aria-hidden />
          {t('collections.addField')}
        </span>
        {quickTypes.map((type) => (
          <Button key={type} size="sm" variant="ghost" onClick={() => add(type)}>
            <FieldIcon type={type} className="text-accent" />
            {t(`fieldTypes.${type}`)}
          </Button>
        ))}
      </div>
    </div>
  );
}
