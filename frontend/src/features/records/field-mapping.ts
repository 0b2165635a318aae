import type { FieldDefinition, RecordRow, RecordValues } from '@/shared/api/types';
import { type FieldType, fieldType } from '@/shared/collections/field-types';
import { parseTime, t } from '@/shared/i18n';
import { jsonFault } from '@/shared/lib/json-fault';
import { faultText } from '@/shared/ui/json-fault-text';
import { readStoredFile } from '@/shared/files/stored-file';

/** Values of a record's form: text for every control but a boolean's; that of a file is JSON. */
export type FormValues = Record<string, string | boolean>;

/** What a control's text stands for, or why it stands for nothing. */
type Parsed = { value: unknown } | { fault: string };

/** Whether people enter values of the type in the form. */
export function isEntered(field: FieldDefinition): boolean {
  return field.type !== 'computed';
}

/** An instant for a `datetime-local` control: in the reader's zone, to the second. */
export function toLocalInput(text: string): string {
  const time = parseTime(text);
  if (!time) return '';
  const local = new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19);
}

/** A stored value, or a field's default, as its control shows it. */
export function toControl(type: FieldType, value: unknown): string | boolean {
  if (type === 'boolean') return value === true;
  if (value === null || value === undefined) return '';
  if (type === 'json') return JSON.stringify(value, null, 2);
  if (type === 'file') return typeof value === 'string' ? value : JSON.stringify(value);
  if (type === 'datetime') return toLocalInput(String(value));
  if (type === 'reference' && typeof value === 'object') return String((value as { id?: unknown }).id ?? '');
  return String(value);
}

/** What a form begins with: the record's values, or the defaults for a new one. */
export function formValues(schema: FieldDefinition[], record?: RecordRow): FormValues {
  return Object.fromEntries(
    schema
      .filter(isEntered)
      .map((field) => [field.name, toControl(fieldType(field), record ? record[field.name] : field.default)]),
  );
}

/**
 * What the form of a duplicate begins with: the values of a record, but the defaults of fields that must be unique.
 */
export function duplicateValues(schema: FieldDefinition[], source: RecordRow): FormValues {
  return {
    ...formValues(schema, source),
    ...formValues(schema.filter((field) => field.unique)),
  };
}

/** A value as the audit log writes it, for the control of its field. */
export function fromLog(type: FieldType, text: string | null): string | boolean {
  if (type === 'boolean') return text === 'True';
  if (text === null) return '';
  if (type !== 'json') return toControl(type, text);
  try {
    return toControl(type, JSON.parse(text) as unknown);
  } catch {
    // What a former type of the field left.
    return text;
  }
}

/** The API's value for what a control holds; an empty control is null. */
export function fromControl(type: FieldType, entered: string | boolean): Parsed {
  if (typeof entered === 'boolean') return { value: entered };
  if (entered === '') return { value: null };
  switch (type) {
    case 'number': {
      const number = Number(entered);
      return Number.isFinite(number) ? { value: number } : { fault: t('records.badNumber') };
    }
    case 'json':
      return readJson(entered);
    case 'file':
      return { value: readStoredFile(entered) ?? entered };
    case 'datetime': {
      const time = new Date(entered);
      return Number.isNaN(time.getTime())
        ? { fault: t('records.badTime') }
        : { value: time.toISOString().replace('.000Z', 'Z') };
    }
    case 'date':
      return /^\d{4}-\d{2}-\d{2}$/.test(entered) ? { value: entered } : { fault: t('records.badDate') };
    case 'email':
      return /^[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}$/.test(entered)
        ? { value: entered }
        : { fault: t('error.email') };
    case 'url':
      return /^https?:\/\/[^\s/$.?#].[^\s]*$/i.test(entered) ? { value: entered } : { fault: t('records.badUrl') };
    default:
      return { value: entered };
  }
}

function readJson(text: string): Parsed {
  const fault = jsonFault(text);
  if (fault) return { fault: faultText(fault) };
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    return { fault: t('records.badJson', { reason: error instanceof Error ? error.message : '' }) };
  }
}

/** What a form sends, and the faults found before sending. */
export interface Outcome {
  values: RecordValues;
  faults: Record<string, string>;
}

/** Reads the whole form; `wanted` says of which fields the value is sent. */
function read(
  schema: FieldDefinition[],
  entered: FormValues,
  wanted: (field: FieldDefinition, value: unknown) => boolean,
): Outcome {
  const values: RecordValues = {};
  const faults: Record<string, string> = {};
  for (const field of schema.filter(isEntered)) {
    const parsed = fromControl(fieldType(field), entered[field.name] ?? '');
    if ('fault' in parsed) faults[field.name] = parsed.fault;
    else if (field.required && parsed.value === null) faults[field.name] = t('error.required');
    else if (wanted(field, parsed.value)) values[field.name] = parsed.value;
  }
  return { values, faults };
}

/** The body of a creation. A control left empty is not sent unless that clears a default. */
export function creationBody(schema: FieldDefinition[], entered: FormValues): Outcome {
  return read(
    schema,
    entered,
    (field, value) => value !== null || (field.default !== null && field.default !== undefined),
  );
}

/** The body of an update: only what was changed, so that untouched values stay exactly as stored. */
export function updateBody(schema: FieldDefinition[], before: FormValues, entered: FormValues): Outcome {
  return read(schema, entered, (field) => entered[field.name] !== before[field.name]);
}
