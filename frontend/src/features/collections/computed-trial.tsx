import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { asApiError } from '@/shared/api/errors';
import { t } from '@/shared/i18n';
import type { Vocabulary } from '@/shared/expressions/vocabulary';
import { useDebounced } from '@/shared/lib/use-debounced';
import { Field } from '@/shared/ui/field';
import { Input } from '@/shared/ui/input';
import { computedSample } from './api/compute-expression';
import { type FieldDraft, fieldInput, isStored } from './field-draft';
import { sampleOf, sampleValue, usedFields } from './sample-values';

interface ComputedTrialProps {
  expression: string;
  /** The type that the field is to have. */
  returnType: FieldDraft['returnType'];
  fields: FieldDraft[];
  vocabulary: Vocabulary;
}

/** What an expression gives for values of one's own. */
export function ComputedTrial({ expression, returnType, fields, vocabulary }: ComputedTrialProps) {
  const [open, setOpen] = useState(false);
  const [values, setValues] = useState<Record<string, string>>({});
  const used = usedFields(expression, vocabulary);
  const schema = fields
    .filter(({ name, type }) => name !== '' && isStored(type))
    .map((draft) => fieldInput({ ...draft, defaultText: '' }));
  const record = Object.fromEntries(
    used.map((field) => [field.name, sampleValue(field, values[field.name] ?? sampleOf(field))]),
  );
  const wanted = useDebounced(JSON.stringify({ schema, expression, record }));
  const result = useQuery({
    ...computedSample(JSON.parse(wanted) as Parameters<typeof computedSample>[0]),
    enabled: open,
  });
  const failure = result.isError ? asApiError(result.error) : null;
  const sample = failure ? undefined : result.data;
  return (
    <details
      className="rounded-lg border bg-subtle/50 px-3 py-2"
      open={open}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary className="cursor-pointer rounded text-[0.8125rem] font-medium">{t('collections.trial')}</summary>
      {used.length > 0 && (
        <div className="mt-3 grid gap-3 sm:grid-cols-2">
          {used.map((field) => (
            <Field key={field.name} label={<code className="font-mono text-xs">{field.name}</code>}>
              {(props) => (
                <Input
                  {...props}
                  className="h-8 font-mono text-[0.8125rem]"
                  autoComplete="off"
                  spellCheck={false}
                  value={values[field.name] ?? sampleOf(field)}
                  onChange={(event) => setValues({ ...values, [field.name]: event.target.value })}
                />
              )}
            </Field>
          ))}
        </div>
      )}
      <div role="status" className="mt-3 min-h-6 text-[0.8125rem]">
        {failure && <p className="text-danger">{failure.faults[0]?.message ?? failure.message}</p>}
        {sample && (
          <p className="break-words">
            <span className="text-muted">{t('collections.trialResult')}</span>{' '}
            <code className="font-mono">
              {sample.value === null ? t('collections.trialNothing') : JSON.stringify(sample.value)}
            </code>
          </p>
        )}
        {sample && sample.value !== null && sample.type !== returnType && (
          <p className="mt-1 text-accent">{t('collections.trialType', { type: sample.type })}</p>
        )}
      </div>
    </details>
  );
}
