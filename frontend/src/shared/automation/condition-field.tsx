import { type ReactNode, type Ref, useMemo } from 'react';
import { faultsOf } from '@/shared/expressions/faults';
import type { Vocabulary } from '@/shared/expressions/vocabulary';
import { CodeEditor } from '@/shared/ui/code-editor';
import { Field } from '@/shared/ui/field';

interface ConditionFieldProps {
  label: string;
  hint: ReactNode;
  placeholder: string;
  value: string;
  onChange: (value: string) => void;
  onBlur: () => void;
  ref?: Ref<{ focus: () => void }>;
  vocabulary: Vocabulary;
  /** What the server refused, until the text is changed. */
  error?: string;
}

/** A condition on a record, in the language of rules; what the server refuses is marked at its place. */
export function ConditionField({ label, hint, error, value, ...control }: ConditionFieldProps) {
  const faults = useMemo(() => (error ? faultsOf(value, error) : []), [error, value]);
  return (
    <Field label={label} hint={hint} error={faults[0]?.message}>
      {(props) => <CodeEditor {...props} {...control} value={value} language="expression" faults={faults} rows={2} />}
    </Field>
  );
}
