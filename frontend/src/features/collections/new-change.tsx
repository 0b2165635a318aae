import { Plus } from 'lucide-react';
import { useForm, useWatch } from 'react-hook-form';
import { t } from '@/shared/i18n';
import { Button } from '@/shared/ui/button';
import { Field } from '@/shared/ui/field';
import { Input, Select } from '@/shared/ui/input';
import { Card } from '@/shared/ui/page';
import {
  type ChangeDraft,
  changeKinds,
  changeOf,
  convertibleTypes,
  type PlannedCollection,
  type StructureChange,
} from './structure-change';

interface NewChangeProps {
  /** The collection as the changes planned so far leave it. */
  from: PlannedCollection;
  onAdd: (change: StructureChange) => void;
}

/** The form for one more change. */
export function NewChange({ from, onAdd }: NewChangeProps) {
  const form = useForm<ChangeDraft>({
    defaultValues: { kind: 'rename_field', field: '', to: '', type: 'text', backfill: '' },
  });
  const { errors } = form.formState;
  const kind = useWatch({ control: form.control, name: 'kind' });
  const fields = from.fields.filter(
    (field) =>
      !field.dropped &&
      (kind !== 'change_type' || (convertibleTypes as readonly string[]).includes(field.type)) &&
      (kind !== 'require' || (!field.required && field.type !== 'computed')),
  );
  const submit = form.handleSubmit((draft) => {
    const made = changeOf(draft, from);
    if ('fault' in made) form.setError(made.fault.control, { message: made.fault.message }, { shouldFocus: true });
    else onAdd(made.change);
  });

  return (
    <Card className="p-4">
      <form noValidate onSubmit={(event) => void submit(event)}>
        <div className="grid items-start gap-4 sm:grid-cols-3">
          <Field label={t('changes.kind')}>
            {(control) => (
              <Select {...control} {...form.register('kind', { onChange: () => form.clearErrors() })}>
                {changeKinds.map((choice) => (
                  <option key={choice} value={choice}>
                    {t(`changes.kinds.${choice}`)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          {kind !== 'rename_collection' && (
            <Field label={t('changes.field')} error={errors.field?.message} required>
              {(control) => (
                <Select {...control} {...form.register('field')}>
                  <option value="">{t('changes.chooseField')}</option>
                  {fields.map((field) => (
                    <option key={field.name} value={field.name}>
                      {field.name}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
          )}
          {(kind === 'rename_field' || kind === 'rename_collection') && (
            <Field label={t('changes.to')} error={errors.to?.message} required>
              {(control) => (
                <Input
                  {...control}
                  className="font-mono text-[0.8125rem]"
                  autoComplete="off"
                  autoCapitalize="none"
                  spellCheck={false}
                  {...form.register('to')}
                />
              )}
            </Field>
          )}
          {kind === 'change_type' && (
            <Field label={t('changes.type')} error={errors.type?.message} required>
              {(control) => (
                <Select {...control} {...form.register('type')}>
                  {convertibleTypes.map((type) => (
                    <option key={type} value={type}>
                      {t(`fieldTypes.${type}`)}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
          )}
          {kind === 'require' && (
            <Field label={t('changes.backfill')} error={errors.backfill?.message} hint={t('changes.backfillHint')}>
              {(control) => <Input {...control} autoComplete="off" {...form.register('backfill')} />}
            </Field>
          )}
        </div>
        <div className="mt-4 flex flex-wrap items-center justify-between gap-3">
          <p className="min-w-0 flex-1 basis-64 text-[0.8125rem] text-muted">{t(`changes.hints.${kind}`)}</p>
          <Button type="submit">
            <Plus aria-hidden />
            {t('changes.add')}
          </Button>
        </div>
      </form>
    </Card>
  );
}
