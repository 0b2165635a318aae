import type { ReactNode, Ref } from 'react';
import type { FieldDefinition } from '@/shared/api/types';
import { CodeEditor } from '@/shared/ui/code-editor';
import { Field } from '@/shared/ui/field';
import type { RuleSlot } from './rule-draft';
import { RuleInWords } from './rule-in-words';
import { useExpressionCheck } from './use-expression-check';
import { useRuleVocabulary } from './use-vocabulary';

interface RuleEditorProps {
  label: string;
  labelHidden?: boolean;
  hint?: ReactNode;
  /** What the form or the server says at saving. */
  error?: string;
  placeholder: string;
  value: string;
  onChange: (value: string) => void;
  onBlur: () => void;
  ref?: Ref<{ focus: () => void }>;
  schema: FieldDefinition[];
  slot: RuleSlot;
}

/** The text of a rule: colours, suggestions, faults as they are made, and what it says in words. */
export function RuleEditor({ label, labelHidden, hint, error, schema, slot, ...control }: RuleEditorProps) {
  const vocabulary = useRuleVocabulary(schema, slot);
  const faults = useExpressionCheck(control.value, vocabulary, slot);
  const [fault] = faults;
  const wrong = faults.find(({ severity }) => severity === 'error');
  return (
    <div>
      <Field
        label={label}
        labelHidden={labelHidden}
        error={error ?? wrong?.message}
        hint={!wrong && fault ? <span className="text-accent">{fault.message}</span> : hint}
      >
        {(props) => (
          <CodeEditor {...props} {...control} language="expression" vocabulary={vocabulary} faults={faults} rows={2} />
        )}
      </Field>
      <RuleInWords code={control.value} slot={slot} />
    </div>
  );
}
