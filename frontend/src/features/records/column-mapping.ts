import type { FieldDefinition } from '@/shared/api/types';
import { type FieldType, fieldType } from '@/shared/collections/field-types';
import { converted } from './column-types';

/** For each column of a file the field that takes its values; empty for none. */
export type Mapping = Record<string, string>;

/** Whether an import can fill the field. */
export function isImported(field: FieldDefinition): boolean {
  const type = fieldType(field);
  return type !== 'computed' && type !== 'file';
}

const words = (name: string) => name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');

/**
 * Guesses which field each column is for: the one of its name, else one that differs only in case and separators,
 * such as `First name` for `first_name`. No field is given twice.
 */
export function guessMapping(columns: string[], schema: FieldDefinition[]): Mapping {
  const fields = schema.filter(isImported).map((field) => field.name);
  const mapping: Mapping = Object.fromEntries(columns.map((column) => [column, '']));
  const free = new Set(fields);
  const match = (same: (column: string, field: string) => boolean) => {
    for (const column of columns) {
      if (mapping[column]) continue;
      const field = fields.find((name) => free.has(name) && same(column, name));
      if (field === undefined) continue;
      mapping[column] = field;
      free.delete(field);
    }
  };
  match((column, field) => column === field);
  match((column, field) => words(column) === words(field));
  return mapping;
}

/** Fields that must have a value and get none from the file nor by default. */
export function uncoveredFields(mapping: Mapping, schema: FieldDefinition[]): string[] {
  const covered = new Set(Object.values(mapping));
  return schema
    .filter((field) => field.required && (field.default === null || field.default === undefined))
    .map((field) => field.name)
    .filter((name) => !covered.has(name));
}

/** Fields that more than one column is meant for. */
export function doubledFields(mapping: Mapping): string[] {
  const seen = new Set<string>();
  const doubled = new Set<string>();
  for (const field of Object.values(mapping).filter(Boolean)) (seen.has(field) ? doubled : seen).add(field);
  return [...doubled];
}

/** A record of the file with its values under the names of the fields, written as these take them. */
export function mapped(
  record: Record<string, unknown>,
  mapping: Mapping,
  types: ReadonlyMap<string, FieldType>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).flatMap(([column, value]) => {
      const field = mapping[column];
      return field ? [[field, converted(value, types.get(field) ?? 'text')]] : [];
    }),
  );
}

/** The type of each field that an import can fill. */
export function importedTypes(schema: FieldDefinition[]): Map<string, FieldType> {
  return new Map(schema.filter(isImported).map((field) => [field.name, fieldType(field)]));
}
