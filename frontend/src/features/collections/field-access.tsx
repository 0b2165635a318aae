import { Controller, useFormContext, useWatch } from 'react-hook-form';
import type { FieldDefinition } from '@/shared/api/types';
import { FieldIcon } from '@/shared/collections/field-icon';
import { fieldType } from '@/shared/collections/field-types';
import { t } from '@/shared/i18n';
import { Choice } from '@/shared/ui/choice';
import { Checkbox } from '@/shared/ui/input';
import type { Narrowable, RuleDrafts } from './rule-draft';

/** Which fields an operation shows or takes. */
export function FieldAccess({ operation, schema }: { operation: Narrowable; schema: FieldDefinition[] }) {
  const { control, setValue } = useFormContext<RuleDrafts>();
  const { all, names } = useWatch({ control, name: `fields.${operation}` });
  const known = schema.map(({ name }) => name);
  // A field that was renamed since is shown as long as it is chosen.
  const offered = [...schema, ...names.filter((name) => !known.includes(name)).map((name) => ({ name, type: 'text' }))];
  const toggle = (name: string, on: boolean) =>
    setValue(`fields.${operation}.names`, on ? [...names, name] : names.filter((other) => other !== name), {
      shouldDirty: true,
    });
  const leftOut = schema.filter(
    ({ name, required, default: value }) => required && (value ?? null) === null && !names.includes(name),
  );
  return (
    <fieldset className="min-w-0">
      <legend className="sr-only">{t('rules.fieldsOf', { operation: t(`rules.${operation}`) })}</legend>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <span className="text-[0.8125rem] text-muted" aria-hidden>
          {t('rules.fields')}
        </span>
        <Controller
          control={control}
          name={`fields.${operation}.all`}
          render={({ field }) => (
            <Choice
              name={field.name}
              value={field.value ? 'all' : 'some'}
              onChange={(choice) => {
                // One begins with what all were, so that nothing is lost by looking.
                if (choice === 'some' && names.length === 0) {
                  setValue(`fields.${operation}.names`, known, { shouldDirty: true });
                }
                field.onChange(choice === 'all');
              }}
              options={[
                { value: 'all', label: t('rules.allFields') },
                { value: 'some', label: t('rules.someFields') },
              ]}
            />
          )}
        />
      </div>
      {!all && (
        <>
          <ul className="mt-2 flex flex-wrap gap-1.5">
            {offered.map((field) => (
              <li key={field.name}>
                <label className="flex h-8 cursor-pointer items-center gap-2 rounded-lg border px-2.5 font-mono text-xs hover:bg-subtle has-checked:border-accent has-checked:bg-accent-subtle">
                  <Checkbox
                    checked={names.includes(field.name)}
                    onChange={(event) => toggle(field.name, event.target.checked)}
                  />
                  <FieldIcon type={fieldType(field)} className="size-3.5 text-muted" />
                  {field.name}
                </label>
              </li>
            ))}
          </ul>
          <p className="mt-1.5 text-[0.8125rem] text-muted">
            {names.length === 0 ? t('rules.noFields') : t(`rules.fieldsHint.${operation}`)}
          </p>
          {operation === 'create' && leftOut.length > 0 && (
            <p className="mt-1 text-[0.8125rem] text-danger" role="status">
              {t('rules.requiredLeftOut', { names: leftOut.map(({ name }) => name).join(', ') })}
            </p>
          )}
        </>
      )}
    </fieldset>
  );
}
