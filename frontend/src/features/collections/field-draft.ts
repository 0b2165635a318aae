import { z } from 'zod/mini';
import type { FieldDefinition, FieldInput } from '@/shared/api/types';
import { fieldTypes, isSearchable, searchableTypes } from '@/shared/collections/field-types';
import { t } from '@/shared/i18n';

export const onDeleteActions = ['cascade', 'set_null', 'restrict'] as const;
export const returnTypes = ['text', 'number', 'boolean', 'datetime'] as const;
export const maskTypes = ['full', 'email', 'phone', 'name', 'ssn', 'custom'] as const;

const NAME = /^[a-zA-Z][a-zA-Z0-9_]*$/;
const RESERVED = new Set(['id', 'account_id', 'account_name', 'created_at', 'created_by', 'updated_at', 'updated_by']);
const MAX_COMPUTED = 10;

const draftSchema = z.object({
  /** Whether the field is stored already: its name, type and target are fixed then. */
  existing: z.boolean(),
  name: z.string(),
  type: z.enum(fieldTypes),
  required: z.boolean(),
  unique: z.boolean(),
  /** The default as text: JSON for a json field, empty for none. */
  defaultText: z.string(),
  collection: z.string(),
  onDelete: z.enum(onDeleteActions),
  expression: z.string(),
  returnType: z.enum(returnTypes),
  pii: z.boolean(),
  maskType: z.enum(maskTypes),
  /** Whether a search looks into the field. */
  searchable: z.boolean(),
});

/** A field as the schema builder edits it. */
export type FieldDraft = z.infer<typeof draftSchema>;

/** A field to begin with. */
export function emptyDraft(): FieldDraft {
  return {
    existing: false,
    name: '',
    type: 'text',
    required: false,
    unique: false,
    defaultText: '',
    collection: '',
    onDelete: 'restrict',
    expression: '',
    returnType: 'text',
    pii: false,
    maskType: 'full',
    searchable: false,
  };
}

const oneOf = <T extends string>(choices: readonly T[], value: string | null | undefined, fallback: T): T =>
  choices.find((choice) => choice === value) ?? fallback;

/** A stored field for the builder. */
export function draftOf(field: FieldDefinition): FieldDraft {
  return {
    existing: true,
    name: field.name,
    type: oneOf(fieldTypes, field.type, 'text'),
    required: field.required,
    unique: field.unique,
    defaultText: defaultAsText(field),
    collection: field.collection ?? '',
    onDelete: oneOf(onDeleteActions, field.on_delete, 'restrict'),
    expression: field.expression ?? '',
    returnType: oneOf(returnTypes, field.return_type, 'text'),
    pii: field.pii,
    maskType: oneOf(maskTypes, field.mask_type, 'full'),
    searchable: isSearchable(field),
  };
}

function defaultAsText(field: FieldDefinition): string {
  const value: unknown = field.default;
  if (value === null || value === undefined) return '';
  return field.type === 'json' ? JSON.stringify(value) : String(value);
}

/** The default in the API's form. Throws a SyntaxError when the text does not fit the type. */
export function parseDefault(type: FieldDraft['type'], text: string): unknown {
  if (text === '') return null;
  if (type === 'number') {
    const number = Number(text);
    if (!Number.isFinite(number)) throw new SyntaxError('not a number');
    return number;
  }
  if (type === 'boolean') return text === 'true';
  if (type === 'json') return JSON.parse(text) as unknown;
  return text;
}

/** Whether fields of the type can have a default, be required and be unique. */
export function isStored(type: FieldDraft['type']): boolean {
  return type !== 'computed';
}

/** Whether the builder offers a default for fields of the type: what a file is, only an upload tells. */
export function canHaveDefault(type: FieldDraft['type']): boolean {
  return isStored(type) && type !== 'file';
}

/** Whether fields of the type can be searched. */
export function canBeSearched(type: FieldDraft['type']): boolean {
  return searchableTypes.includes(type);
}

/** The options with what the builder knows of them; null when there are none. */
function optionsOf(draft: FieldDraft, stored?: FieldDefinition): FieldInput['options'] {
  const options = { ...stored?.options };
  if (draft.searchable && canBeSearched(draft.type)) options.searchable = true;
  else delete options.searchable;
  return Object.keys(options).length > 0 ? options : null;
}

/** A draft in the API's form. `stored` is the field as it is now; what the builder does not edit is kept from it. */
export function fieldInput(draft: FieldDraft, stored?: FieldDefinition): FieldInput {
  const base = {
    name: draft.name,
    type: draft.type,
    options: optionsOf(draft, stored),
    pii: draft.pii,
    mask_type: draft.pii ? draft.maskType : null,
  };
  if (!isStored(draft.type)) return { ...base, expression: draft.expression.trim(), return_type: draft.returnType };
  return {
    ...base,
    required: draft.required,
    unique: draft.unique,
    default: canHaveDefault(draft.type) ? parseDefault(draft.type, draft.defaultText) : (stored?.default ?? null),
    ...(draft.type === 'reference' && { collection: draft.collection, on_delete: draft.onDelete }),
  };
}

/** The fields of a form, checked as the server checks them. */
export const fieldDrafts = z.array(draftSchema).check(
  z.minLength(1, { error: () => t('collections.needsField') }),
  z.check((context) => {
    const drafts = context.value;
    const seen = new Set<string>();
    let computed = 0;
    drafts.forEach((draft, index) => {
      const fault = (key: keyof FieldDraft, message: string) =>
        context.issues.push({ code: 'custom', input: draft[key], path: [index, key], message });
      const name = draft.name.toLowerCase();
      if (draft.name === '') fault('name', t('error.required'));
      else if (!NAME.test(draft.name)) fault('name', t('collections.nameForm'));
      else if (draft.name.length > 64) fault('name', t('collections.nameLong'));
      else if (RESERVED.has(name)) fault('name', t('collections.nameReserved', { name: draft.name }));
      else if (seen.has(name)) fault('name', t('collections.nameTwice'));
      seen.add(name);

      if (draft.type === 'reference') {
        if (draft.collection === '') fault('collection', t('collections.needsTarget'));
        if (draft.onDelete === 'set_null' && draft.required) fault('onDelete', t('collections.setNullRequired'));
      }
      if (draft.type === 'computed') {
        computed += 1;
        if (draft.expression.trim() === '') fault('expression', t('collections.needsExpression'));
        if (computed > MAX_COMPUTED) fault('type', t('collections.tooManyComputed', { count: MAX_COMPUTED }));
      } else {
        try {
          parseDefault(draft.type, draft.defaultText);
        } catch {
          fault('defaultText', t('collections.badDefault', { type: t(`fieldTypes.${draft.type}`) }));
        }
      }
    });
  }),
);

/** A collection's name, checked as the server checks it. */
export const collectionName = z
  .string()
  .check(
    z.minLength(3, { error: () => t('collections.nameShort') }),
    z.maxLength(64, { error: () => t('collections.nameLong') }),
    z.regex(NAME, { error: () => t('collections.nameForm') }),
  );
