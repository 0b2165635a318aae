import { ArrowDown, ArrowUp, Plus, Trash2, X } from 'lucide-react';
import { Controller, useFieldArray, useFormContext, useWatch } from 'react-hook-form';
import { t } from '@/shared/i18n';
import { Button } from '@/shared/ui/button';
import { Field } from '@/shared/ui/field';
import { Checkbox, Input, Select } from '@/shared/ui/input';
import { indexableFields, type IndexDraft, MOST_INDEXES } from './index-draft';
import type { SchemaFormValues } from './schema-builder';

/** The list of a collection's indexes; stands inside a form of {@link SchemaFormValues}. */
export function IndexEditor() {
  const { control, formState } = useFormContext<SchemaFormValues>();
  const { fields, append, remove } = useFieldArray({ control, name: 'indexes' });
  const choices = indexableFields(useWatch({ control, name: 'fields' }));
  const error = formState.errors.indexes;
  return (
    <section aria-labelledby="indexes-heading" className="border-t pt-5">
      <h2 id="indexes-heading" className="text-base font-semibold">
        {t('indexes.title')}
      </h2>
      <p className="mt-1 mb-3 text-muted">{t('indexes.lead')}</p>
      <ul className="space-y-3">
        {fields.map((field, index) => (
          <IndexCard key={field.id} index={index} choices={choices} onRemove={() => remove(index)} />
        ))}
      </ul>
      {(error?.root?.message ?? error?.message) && (
        <p className="mt-2 text-[0.8125rem] text-danger" role="alert">
          {error?.root?.message ?? error?.message}
        </p>
      )}
      <Button
        className="mt-3"
        disabled={fields.length >= MOST_INDEXES}
        onClick={() => append({ name: '', columns: [{ field: choices[0] ?? '', descending: false }], unique: false })}
      >
        <Plus aria-hidden />
        {t('indexes.add')}
      </Button>
    </section>
  );
}

function IndexCard({ index, choices, onRemove }: { index: number; choices: string[]; onRemove: () => void }) {
  const { control, register, formState } = useFormContext<SchemaFormValues>();
  const errors = formState.errors.indexes?.[index];
  const label = t('indexes.number', { number: index + 1 });
  const fault = errors?.columns?.message ?? errors?.columns?.root?.message;
  return (
    <li className="rounded-xl border bg-surface shadow-card">
      <fieldset className="min-w-0 p-3">
        <legend className="sr-only">{label}</legend>
        <div className="flex items-start gap-3">
          <div className="min-w-0 flex-1">
            <Controller
              control={control}
              name={`indexes.${index}.columns`}
              render={({ field }) => <Columns value={field.value} onChange={field.onChange} choices={choices} />}
            />
            {fault && (
              <p className="mt-1.5 text-[0.8125rem] text-danger" role="alert">
                {fault}
              </p>
            )}
          </div>
          <Button
            variant="ghost"
            size="icon"
            className="text-danger"
            aria-label={t('indexes.remove', { index: label })}
            onClick={onRemove}
          >
            <Trash2 aria-hidden />
          </Button>
        </div>
        <div className="mt-3 flex flex-wrap items-start gap-x-6 gap-y-3 border-t pt-3">
          <label className="flex h-9 items-center gap-2">
            <Checkbox {...register(`indexes.${index}.unique`)} />
            {t('indexes.unique')}
          </label>
          <Field label={t('indexes.name')} labelHidden error={errors?.name?.message} className="min-w-48 flex-1">
            {(props) => (
              <Input
                {...props}
                className="font-mono text-[0.8125rem]"
                placeholder={t('indexes.name')}
                autoComplete="off"
                spellCheck={false}
                {...register(`indexes.${index}.name`)}
              />
            )}
          </Field>
        </div>
      </fieldset>
    </li>
  );
}

interface ColumnsProps {
  value: IndexDraft['columns'];
  onChange: (columns: IndexDraft['columns']) => void;
  choices: string[];
}

function Columns({ value, onChange, choices }: ColumnsProps) {
  const change = (at: number, part: Partial<ColumnsProps['value'][number]>) =>
    onChange(value.map((column, index) => (index === at ? { ...column, ...part } : column)));
  return (
    <ol className="flex flex-wrap items-center gap-2">
      {value.map(({ field, descending }, at) => {
        const Arrow = descending ? ArrowDown : ArrowUp;
        const order = t(descending ? 'indexes.descending' : 'indexes.ascending', { field });
        return (
          <li key={at} className="flex items-center rounded-lg border bg-subtle p-0.5">
            <Select
              className="w-40"
              aria-label={t('indexes.field', { number: at + 1 })}
              value={field}
              onChange={(event) => change(at, { field: event.target.value })}
            >
              {[...new Set([field, ...choices])].map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </Select>
            <Button
              variant="ghost"
              size="icon-sm"
              aria-label={order}
              title={order}
              onClick={() => change(at, { descending: !descending })}
            >
              <Arrow aria-hidden />
            </Button>
            {value.length > 1 && (
              <Button
                variant="ghost"
                size="icon-sm"
                aria-label={t('indexes.removeField', { field })}
                onClick={() => onChange(value.filter((_, index) => index !== at))}
              >
                <X aria-hidden />
              </Button>
            )}
          </li>
        );
      })}
      <li>
        <Button
          size="sm"
          variant="ghost"
          onClick={() => {
            const free = choices.find((name) => !value.some(({ field }) => field === name));
            onChange([...value, { field: free ?? '', descending: false }]);
          }}
        >
          <Plus aria-hidden />
          {t('indexes.addField')}
        </Button>
      </li>
    </ol>
  );
}
