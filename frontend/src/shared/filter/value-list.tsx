import { X } from 'lucide-react';
import { useState } from 'react';
import { t } from '@/shared/i18n';
import { Input } from '@/shared/ui/input';
import { type FilterField, typedValue } from './fields';
import type { FilterValue } from './model';
import { ReferenceValue } from './reference-value';

interface ValueListProps {
  field: FilterField | undefined;
  values: FilterValue[];
  onChange: (values: FilterValue[]) => void;
  label: string;
}

/** Any number of values: each is added by Enter, and several at once by pasting them with commas or line breaks. */
export function ValueList({ field, values, onChange, label }: ValueListProps) {
  const [text, setText] = useState('');
  const add = (texts: string[]) => {
    const fresh = texts.map((one) => typedValue(field?.type, one.trim())).filter((value) => value !== '');
    onChange([...new Set([...values, ...fresh])]);
    setText('');
  };
  return (
    <div className="space-y-1.5">
      {field?.target !== undefined ? (
        <ReferenceValue label={label} collection={field.target} value="" onChange={(id) => add([id])} />
      ) : (
        <Input
          aria-label={label}
          placeholder={t('filter.addValue')}
          autoComplete="off"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && text.trim() !== '') {
              event.preventDefault();
              add([text]);
            } else if (event.key === 'Backspace' && text === '') onChange(values.slice(0, -1));
          }}
          onPaste={(event) => {
            const pasted = event.clipboardData.getData('text');
            if (!/[\n,]/.test(pasted)) return;
            event.preventDefault();
            add(pasted.split(/[\n,]/));
          }}
          onBlur={() => text.trim() !== '' && add([text])}
        />
      )}
      {values.length > 0 && (
        <ul className="flex flex-wrap gap-1">
          {values.map((value) => (
            <li
              key={`${typeof value} ${value}`}
              className="flex min-w-0 items-center gap-0.5 rounded-md bg-accent-subtle pl-2 text-[0.8125rem] text-accent"
            >
              <span className="truncate">{field?.target ? String(value).slice(0, 8) : String(value)}</span>
              <button
                type="button"
                className="grid size-6 shrink-0 place-items-center rounded-md hover:bg-hover"
                aria-label={t('filter.removeValue', { value: String(value) })}
                onClick={() => onChange(values.filter((other) => other !== value))}
              >
                <X className="size-3.5" aria-hidden />
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
