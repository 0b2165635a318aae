import { useSortable } from '@dnd-kit/sortable';
import { CSS } from '@dnd-kit/utilities';
import { ChevronDown, ChevronUp, GripVertical, Settings2, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useFormContext, useWatch } from 'react-hook-form';
import { FieldIcon } from '@/shared/collections/field-icon';
import { fieldTypes } from '@/shared/collections/field-types';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { Button } from '@/shared/ui/button';
import { Field } from '@/shared/ui/field';
import { Checkbox, Input, Select } from '@/shared/ui/input';
import { ComputedEditor } from './computed-editor';
import { isStored } from './field-draft';
import { ReferenceOptions, StoredOptions } from './field-options';
import type { SchemaFormValues } from './schema-builder';

interface FieldCardProps {
  /** Under which the list knows it. */
  id: string;
  index: number;
  count: number;
  /** Names of the collections a reference may point to. */
  targets: string[];
  onMove: (to: number) => void;
  onRemove: () => void;
}

/** One field: its name and type in view, the rest as the type asks for it. */
export function FieldCard({ id, index, count, targets, onMove, onRemove }: FieldCardProps) {
  const { register, control, formState } = useFormContext<SchemaFormValues>();
  const draft = useWatch({ control, name: `fields.${index}` });
  const [more, setMore] = useState(false);
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } = useSortable({
    id,
  });
  const errors = formState.errors.fields?.[index];
  const label = draft.name || t('collections.unnamedField', { number: index + 1 });
  const optionsOpen = more || Boolean(errors?.defaultText ?? errors?.maskType);

  return (
    <li
      ref={setNodeRef}
      style={{ transform: CSS.Translate.toString(transform), transition }}
      className={cn('rounded-xl border bg-surface shadow-card', isDragging && 'relative z-10 border-accent shadow-pop')}
    >
      <fieldset className="min-w-0">
        <legend className="sr-only">{label}</legend>
        <div className="flex flex-wrap items-start gap-3 p-3 sm:flex-nowrap">
          <div className="flex shrink-0 items-center gap-1">
            <button
              {...attributes}
              {...listeners}
              ref={setActivatorNodeRef}
              type="button"
              aria-label={t('collections.drag.handle', { name: label })}
              className="grid h-9 w-6 cursor-grab touch-none place-items-center rounded-md text-muted hover:bg-hover hover:text-foreground active:cursor-grabbing"
            >
              <GripVertical className="size-4" aria-hidden />
            </button>
            <span className="grid size-9 place-items-center rounded-lg bg-accent-subtle text-accent">
              <FieldIcon type={draft.type} className="size-4" />
            </span>
          </div>
          {draft.existing ? (
            <div className="min-w-36 flex-1 self-center">
              <p className="truncate font-mono text-[0.8125rem] font-medium">{draft.name}</p>
              {errors?.name?.message && (
                <p className="text-[0.8125rem] text-danger" role="alert">
                  {errors.name.message}
                </p>
              )}
            </div>
          ) : (
            <Field
              label={t('collections.fieldName')}
              labelHidden
              error={errors?.name?.message}
              className="min-w-36 flex-1"
            >
              {(props) => (
                <Input
                  {...props}
                  className="font-mono text-[0.8125rem]"
                  placeholder={t('collections.fieldName')}
                  autoComplete="off"
                  spellCheck={false}
                  {...register(`fields.${index}.name`)}
                />
              )}
            </Field>
          )}
          {draft.existing ? (
            <p className="flex h-9 items-center text-muted sm:w-40">{t(`fieldTypes.${draft.type}`)}</p>
          ) : (
            <Field
              label={t('collections.fieldType')}
              labelHidden
              error={errors?.type?.message}
              className="w-full sm:w-40"
            >
              {(props) => (
                <Select {...props} {...register(`fields.${index}.type`)}>
                  {fieldTypes.map((type) => (
                    <option key={type} value={type}>
                      {t(`fieldTypes.${type}`)}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
          )}
          <div className="flex h-9 flex-1 items-center gap-4 sm:w-24 sm:flex-none">
            {isStored(draft.type) && (
              <label className="flex items-center gap-2">
                <Checkbox {...register(`fields.${index}.required`)} />
                {t('collections.required')}
              </label>
            )}
          </div>
          <div className="ml-auto flex items-center">
            <Button
              variant="ghost"
              size="icon"
              aria-label={t('collections.fieldOptions', { name: label })}
              aria-expanded={optionsOpen}
              className={cn(optionsOpen && 'bg-hover')}
              onClick={() => setMore(!more)}
            >
              <Settings2 aria-hidden />
            </Button>
            <Button
              variant="ghost"
              size="icon"
              aria-label={t('collections.moveUp', { name: label })}
              disabled={index === 0}
              onClick={() => onMove(index - 1)}
            >
              <ChevronUp aria-hidden />
            </Button>
            <Button
              variant="ghost"
              size="icon"
              aria-label={t('collections.moveDown', { name: label })}
              disabled={index === count - 1}
              onClick={() => onMove(index + 1)}
            >
              <ChevronDown aria-hidden />
            </Button>
            {!draft.existing && (
              <Button
                variant="ghost"
                size="icon"
                className="text-danger"
                aria-label={t('collections.removeField', { name: label })}
                onClick={onRemove}
              >
                <Trash2 aria-hidden />
              </Button>
            )}
          </div>
        </div>
        {draft.type === 'reference' && <ReferenceOptions index={index} targets={targets} draft={draft} />}
        {draft.type === 'computed' && <ComputedEditor index={index} />}
        {optionsOpen && <StoredOptions index={index} draft={draft} />}
      </fieldset>
    </li>
  );
}
