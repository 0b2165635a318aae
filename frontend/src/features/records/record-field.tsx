import { Controller, useFormContext } from 'react-hook-form';
import type { FieldDefinition } from '@/shared/api/types';
import { FieldIcon } from '@/shared/collections/field-icon';
import { type FieldType, fieldType } from '@/shared/collections/field-types';
import { t } from '@/shared/i18n';
import { type ControlProps, Field } from '@/shared/ui/field';
import { Input, Switch, Textarea } from '@/shared/ui/input';
import { JsonControl } from '@/shared/ui/json-control';
import { CellValue } from './cell-value';
import { type FormValues, isEntered } from './field-mapping';
import { FileControl } from './file-control';
import { RecordPicker } from './record-picker';

interface RecordFieldProps {
  field: FieldDefinition;
  /** The value stored now, for what is only shown. */
  stored: unknown;
  /** Account of the record, among whose records a reference is chosen. */
  accountId: string;
  creating: boolean;
  /** Hears when an upload of the field begins and ends. */
  onUploading: (field: string, uploading: boolean) => void;
}

const inputTypes: Partial<Record<FieldType, string>> = {
  date: 'date',
  datetime: 'datetime-local',
  email: 'email',
  url: 'url',
};

/** A field of a record with the control that fits its type. */
export function RecordField({ field, stored, accountId, creating, onUploading }: RecordFieldProps) {
  const { formState } = useFormContext<FormValues>();
  const type = fieldType(field);
  const label = (
    <span className="flex items-center gap-2">
      <FieldIcon type={type} className="size-3.5 shrink-0 self-center text-accent" />
      {field.name}
    </span>
  );

  if (!isEntered(field)) {
    if (creating) return null;
    return (
      <div>
        <p className="mb-1.5 font-medium">{label}</p>
        <div className="flex min-h-9 items-center rounded-lg border border-dashed bg-subtle/50 px-3 py-1.5">
          <CellValue field={field} value={stored} />
        </div>
        {type === 'computed' && <p className="mt-1.5 font-mono text-xs text-muted">{field.expression}</p>}
      </div>
    );
  }
  return (
    <Field
      label={label}
      required={field.required}
      error={formState.errors[field.name]?.message}
      hint={[field.unique && t('records.uniqueHint'), field.pii && t('recordDrawer.piiHint')].filter(Boolean).join(' ')}
    >
      {(control) => (
        <Control field={field} type={type} accountId={accountId} control={control} onUploading={onUploading} />
      )}
    </Field>
  );
}

function Control({
  field,
  type,
  accountId,
  control,
  onUploading,
}: Pick<RecordFieldProps, 'field' | 'accountId' | 'onUploading'> & {
  type: FieldType;
  control: ControlProps;
}) {
  const form = useFormContext<FormValues>();
  const { name } = field;
  if (type === 'boolean') {
    return (
      <div className="flex h-9 items-center">
        <Switch {...control} aria-required={undefined} {...form.register(name)} />
      </div>
    );
  }
  if (type === 'reference') {
    return (
      <Controller
        control={form.control}
        name={name}
        render={({ field: { value, onChange, ref } }) => (
          <RecordPicker
            ref={ref}
            {...control}
            name={name}
            collection={field.collection ?? ''}
            accountId={accountId}
            value={String(value)}
            onChange={onChange}
            clearable={!field.required}
          />
        )}
      />
    );
  }
  if (type === 'file') return <FileField {...{ field, accountId, control, onUploading }} />;
  if (type === 'json') {
    return (
      <Controller
        control={form.control}
        name={name}
        render={({ field: { value, onChange, ref } }) => (
          <JsonControl ref={ref} control={control} label={name} value={String(value)} onChange={onChange} />
        )}
      />
    );
  }
  if (type === 'text') {
    // Grows with what is typed where the browser can, so that short texts look short.
    return (
      <Textarea
        {...control}
        rows={1}
        className="field-sizing-content max-h-72 min-h-9 resize-none py-[0.4375rem] leading-5"
        {...form.register(name)}
      />
    );
  }
  return (
    <Input
      {...control}
      type={inputTypes[type] ?? 'text'}
      inputMode={type === 'number' ? 'decimal' : undefined}
      step={type === 'datetime' ? 1 : undefined}
      autoComplete="off"
      {...form.register(name)}
    />
  );
}

/** The file of a record, uploaded into the account of the record. */
function FileField({
  field,
  accountId,
  control,
  onUploading,
}: Pick<RecordFieldProps, 'field' | 'accountId' | 'onUploading'> & { control: ControlProps }) {
  const form = useFormContext<FormValues>();
  const { name } = field;
  return (
    <Controller
      control={form.control}
      name={name}
      render={({ field: { value, onChange, ref } }) => (
        <FileControl
          ref={ref}
          {...control}
          value={String(value)}
          onChange={onChange}
          clearable={!field.required}
          accountId={accountId}
          onBusyChange={(busy) => onUploading(name, busy)}
          onRefusal={(message) =>
            message === undefined ? form.clearErrors(name) : form.setError(name, { type: 'server', message })
          }
        />
      )}
    />
  );
}
