import type { FieldDefinition } from '@/shared/api/types';

/** The types a collection's field can have, in the order they are offered. */
export const fieldTypes = [
  'text',
  'number',
  'boolean',
  'date',
  'datetime',
  'email',
  'url',
  'json',
  'reference',
  'computed',
  'file',
] as const;

export type FieldType = (typeof fieldTypes)[number];

/** Narrows the text of the API; a type this page does not know is shown as text. */
export function fieldType(field: Pick<FieldDefinition, 'type'>): FieldType {
  return (fieldTypes as readonly string[]).includes(field.type) ? (field.type as FieldType) : 'text';
}

/** Types whose fields can be made searchable. */
export const searchableTypes: readonly FieldType[] = ['text', 'email', 'url'];

/** Whether the field's words can be searched. */
export function isSearchable(field: Pick<FieldDefinition, 'options' | 'type'>): boolean {
  return searchableTypes.includes(fieldType(field)) && field.options?.searchable === true;
}

/** What stands for a record of the collection where there is room for one value: its first text-like field. */
export function displayField(schema: FieldDefinition[]): FieldDefinition | undefined {
  const preferred = schema.find((field) => ['name', 'title', 'label'].includes(field.name) && field.type === 'text');
  return preferred ?? schema.find((field) => field.type === 'text') ?? schema.find((field) => field.type === 'email');
}
