import { Plus } from 'lucide-react';
import { useFieldArray, useFormContext } from 'react-hook-form';
import { FieldIcon } from '@/shared/collections/field-icon';
import { t } from '@/shared/i18n';
import { Button } from '@/shared/ui/button';
import { FieldCard } from './field-card';
import { emptyDraft, type FieldDraft } from './field-draft';
import type { IndexDraft } from './index-draft';

/** Values of the form around the builder. */
export interface SchemaFormValues {
  name: string;
  fields: FieldDraft[];
  indexes: IndexDraft[];
}

const quickTypes = ['text', 'number', 'boolean', 'date', 'reference', 'file', 'computed'] as const;

/** The list of a collection's fields, to add to, order and change; stands inside a form of {@link SchemaFormValues}. */
export function SchemaBuilder({ targets }: { targets: string[] }) {
  const form = useFormContext<SchemaFormValues>();
  const { fields, append, remove, move } = useFieldArray({ control: form.control, name: 'fields' });
  const error = form.formState.errors.fields;

  function add(type: FieldDraft['type']) {
    append({ ...emptyDraft(), type }, { focusName: `fields.${fields.length}.name` });
  }

  return (
    <div>
      <ol className="space-y-3">
        {fields.map((field, index) => (
          <FieldCard
            key={field.id}
            index={index}
            count={fields.length}
            targets={targets}
            onMove={(to) => move(index, to)}
            onRemove={() => remove(index)}
          />
        ))}
      </ol>
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
