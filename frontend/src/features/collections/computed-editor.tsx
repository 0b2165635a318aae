import { useState } from 'react';
import { Controller, useFormContext, useWatch } from 'react-hook-form';
import { t } from '@/shared/i18n';
import { CodeEditor } from '@/shared/ui/code-editor';
import { Field } from '@/shared/ui/field';
import { Select } from '@/shared/ui/input';
import { ComputedTrial } from './computed-trial';
import { isStored, returnTypes } from './field-draft';
import { FunctionReference } from './function-reference';
import type { SchemaFormValues } from './schema-builder';
import { useExpressionCheck } from './use-expression-check';
import { computedVocabulary } from './use-vocabulary';

/** How a computed field is derived: its expression, the type of its result, what can stand in it, and a trial. */
export function ComputedEditor({ index }: { index: number }) {
  const { register, control, formState } = useFormContext<SchemaFormValues>();
  const errors = formState.errors.fields?.[index];
  const fields = useWatch({ control, name: 'fields' });
  const { expression, returnType } = fields[index] ?? { expression: '', returnType: 'text' as const };
  const vocabulary = computedVocabulary(fields);
  // The names make the vocabulary; other changes of the form leave what was found as it is.
  const key = JSON.stringify(vocabulary.fields);
  const [known, setKnown] = useState({ key, vocabulary });
  if (known.key !== key) setKnown({ key, vocabulary });
  const faults = useExpressionCheck(expression, known.vocabulary, 'computed');
  const [fault] = faults;
  const wrong = faults.find(({ severity }) => severity === 'error');
  return (
    <div className="space-y-4 border-t px-3 py-3.5 sm:pl-[5.25rem]">
      <div className="grid gap-4 sm:grid-cols-[1fr_10rem]">
        <Field
          label={t('collections.expression')}
          error={errors?.expression?.message ?? wrong?.message}
          hint={
            !wrong && fault ? <span className="text-accent">{fault.message}</span> : t('collections.expressionHint')
          }
          required
        >
          {(props) => (
            <Controller
              control={control}
              name={`fields.${index}.expression`}
              render={({ field: { value, onChange, onBlur, ref } }) => (
                <CodeEditor
                  {...props}
                  ref={ref}
                  value={value}
                  onChange={onChange}
                  onBlur={onBlur}
                  language="expression"
                  vocabulary={known.vocabulary}
                  faults={faults}
                  placeholder="concat(first, ' ', last)"
                  oneLine
                />
              )}
            />
          )}
        </Field>
        <Field label={t('collections.returnType')} error={errors?.returnType?.message} required>
          {(props) => (
            <Select {...props} {...register(`fields.${index}.returnType`)}>
              {returnTypes.map((type) => (
                <option key={type} value={type}>
                  {t(`fieldTypes.${type}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      {expression.trim() !== '' && !wrong && fields.some(({ name, type }) => name !== '' && isStored(type)) && (
        <ComputedTrial expression={expression} returnType={returnType} fields={fields} vocabulary={known.vocabulary} />
      )}
      <details className="rounded-lg border bg-subtle/50 px-3 py-2">
        <summary className="cursor-pointer rounded text-[0.8125rem] font-medium">{t('collections.reference')}</summary>
        <h4 className="mt-3 mb-1.5 text-[0.8125rem] font-medium">{t('collections.availableFields')}</h4>
        <p className="mb-4 flex flex-wrap gap-1.5">
          {known.vocabulary.fields.map(({ name }) => (
            <code key={name} className="rounded-md border bg-surface px-1.5 py-0.5 font-mono text-xs break-all">
              {name}
            </code>
          ))}
        </p>
        <FunctionReference />
      </details>
    </div>
  );
}
