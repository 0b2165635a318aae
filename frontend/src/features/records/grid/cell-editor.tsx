import { type KeyboardEvent, useId, useRef, useState } from 'react';
import type { FieldDefinition, RecordRow } from '@/shared/api/types';
import { fieldType } from '@/shared/collections/field-types';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { fromControl, toControl } from '../field-mapping';
import { RecordPicker } from '../record-picker';
import { inputPropsOf } from './value-input';

/** Where the focus goes after an edit. */
export type Leaving = 'stay' | 'down' | 'right' | 'left' | 'away';

interface CellEditorProps {
  row: RecordRow;
  field: FieldDefinition;
  onSave: (value: unknown, leaving: Leaving) => void;
  onCancel: (leaving: Leaving) => void;
}

const box =
  'absolute inset-0 z-10 size-full bg-surface px-4 text-foreground outline-2 -outline-offset-2 outline-ring max-sm:text-base';

/** Takes a new value in the place of the old one. Enter saves, so does leaving the cell; Esc leaves it as it was. */
export function CellEditor(props: CellEditorProps) {
  return props.field.type === 'reference' ? <ReferenceEditor {...props} /> : <TextEditor {...props} />;
}

function TextEditor({ row, field, onSave, onCancel }: CellEditorProps) {
  const type = fieldType(field);
  const [before] = useState(() => String(toControl(type, row[field.name])));
  const [text, setText] = useState(before);
  const [fault, setFault] = useState<string | null>(null);
  const over = useRef(false);
  const id = useId();

  function leave(leaving: Leaving) {
    if (over.current) return;
    const parsed = text === before ? null : fromControl(type, text);
    const problem =
      parsed === null
        ? null
        : 'fault' in parsed
          ? parsed.fault
          : field.required && parsed.value === null
            ? t('error.required')
            : null;
    if (problem !== null && leaving !== 'away') {
      setFault(problem);
      return;
    }
    over.current = true;
    if (parsed === null || problem !== null || 'fault' in parsed) onCancel(leaving);
    else onSave(parsed.value, leaving);
  }

  function onKeyDown(event: KeyboardEvent) {
    event.stopPropagation();
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') {
      over.current = true;
      onCancel('stay');
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      leave('down');
    } else if (event.key === 'Tab') {
      event.preventDefault();
      leave(event.shiftKey ? 'left' : 'right');
    }
  }

  const shared = {
    autoFocus: true,
    'aria-label': t('grid.editCell', { field: field.name }),
    'aria-invalid': fault ? true : undefined,
    'aria-describedby': fault ? id : undefined,
    value: text,
    onKeyDown,
    onBlur: () => leave('away'),
    onFocus: ({ currentTarget }: { currentTarget: HTMLInputElement | HTMLTextAreaElement }) => currentTarget.select(),
  } as const;
  return (
    <>
      {type === 'text' ? (
        <textarea
          {...shared}
          rows={1}
          className={cn(box, 'field-sizing-content h-auto max-h-52 min-h-full resize-none py-3 leading-5 shadow-pop')}
          onChange={(event) => setText(event.target.value)}
        />
      ) : (
        <input
          {...shared}
          {...inputPropsOf(type)}
          className={cn(box, type === 'number' && 'text-right tabular-nums')}
          onChange={(event) => setText(event.target.value)}
        />
      )}
      {fault && (
        <span
          id={id}
          role="alert"
          className="absolute top-full left-0 z-20 mt-1 w-max max-w-72 rounded-lg bg-danger px-2.5 py-1.5 text-left text-[0.8125rem] whitespace-normal text-white shadow-pop dark:text-background"
        >
          {fault}
        </span>
      )}
    </>
  );
}

function ReferenceEditor({ row, field, onSave, onCancel }: CellEditorProps) {
  const value = String(toControl('reference', row[field.name]));
  const opened = useRef(false);
  return (
    // Esc closes the list first, then the editor.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div
      className="absolute inset-0 z-10 flex items-center bg-surface px-1 [&>span]:w-full"
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Escape' && !event.defaultPrevented) onCancel('stay');
      }}
      onBlur={({ relatedTarget, currentTarget }) => {
        const inList = relatedTarget?.closest('[data-radix-popper-content-wrapper]');
        if (relatedTarget && !currentTarget.contains(relatedTarget) && !inList) onCancel('away');
      }}
    >
      <RecordPicker
        ref={(button) => {
          if (!button || opened.current) return;
          opened.current = true;
          button.focus();
          button.click();
        }}
        id={`edit-${row.id}-${field.name}`}
        aria-describedby={undefined}
        aria-invalid={undefined}
        aria-required={undefined}
        {...{ 'aria-label': t('grid.editCell', { field: field.name }) }}
        name={field.name}
        collection={field.collection ?? ''}
        accountId={row.account_id}
        value={value}
        onChange={(id) => (id === value ? onCancel('stay') : onSave(id === '' ? null : id, 'stay'))}
        clearable={!field.required}
      />
    </div>
  );
}
