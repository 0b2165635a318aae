import type { ComponentProps, Ref } from 'react';
import type { FieldDefinition } from '@/shared/api/types';
import { type FieldType, fieldType } from '@/shared/collections/field-types';
import { t } from '@/shared/i18n';
import type { ControlProps } from '@/shared/ui/field';
import { Input, Select, Textarea } from '@/shared/ui/input';
import { RecordPicker } from '../record-picker';

interface ValueInputProps extends ControlProps {
  field: FieldDefinition;
  value: string | boolean;
  onChange: (value: string | boolean) => void;
  /** Account of the records that a reference can point to. */
  accountId: string;
  ref?: Ref<HTMLElement>;
}

const inputTypes: Partial<Record<FieldType, string>> = {
  date: 'date',
  datetime: 'datetime-local',
  email: 'email',
  url: 'url',
};

/** What an input needs beside its value to take values of a field's type. */
export function inputPropsOf(type: FieldType): ComponentProps<'input'> {
  return {
    type: inputTypes[type] ?? 'text',
    inputMode: type === 'number' ? 'decimal' : undefined,
    step: type === 'datetime' ? 1 : undefined,
    autoComplete: 'off',
  };
}

/** The control that fits the type of a field, outside of a record's form. */
export function ValueInput({ field, value, onChange, accountId, ref, ...control }: ValueInputProps) {
  const type = fieldType(field);
  if (type === 'boolean') {
    return (
      <Select {...control} value={String(value === true)} onChange={(event) => onChange(event.target.value === 'true')}>
        <option value="true">{t('common.yes')}</option>
        <option value="false">{t('common.no')}</option>
      </Select>
    );
  }
  if (type === 'reference') {
    return (
      <RecordPicker
        {...control}
        ref={ref as Ref<HTMLButtonElement>}
        name={field.name}
        collection={field.collection ?? ''}
        accountId={accountId}
        value={String(value)}
        onChange={onChange}
        clearable={!field.required}
      />
    );
  }
  if (type === 'text') {
    return (
      <Textarea
        {...control}
        rows={1}
        className="field-sizing-content max-h-48 min-h-9 resize-none py-[0.4375rem] leading-5"
        value={String(value)}
        onChange={(event) => onChange(event.target.value)}
      />
    );
  }
  return (
    <Input
      {...control}
      {...inputPropsOf(type)}
      value={String(value)}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
