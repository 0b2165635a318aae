import type { FieldDefinition, RecordRow } from '@/shared/api/types';

const idOf = (value: unknown) => (typeof value === 'object' && value !== null ? (value as { id?: unknown }).id : value);

/** A record as the API takes and gives it: references as ids. */
export function plainRecord(row: RecordRow, schema: FieldDefinition[]): RecordRow {
  const references = schema.filter((field) => field.type === 'reference');
  return { ...row, ...Object.fromEntries(references.map(({ name }) => [name, idOf(row[name]) ?? null])) };
}

/**
 * A row with newer values. They come without what a list adds: the account's name and the records that references
 * point to, which stay as long as they are the same.
 */
export function mergedRow(row: RecordRow, values: Record<string, unknown>, schema: FieldDefinition[]): RecordRow {
  const next: RecordRow = { ...row, ...values, account_name: row.account_name };
  for (const { name, type } of schema) {
    if (type === 'reference' && idOf(next[name]) === idOf(row[name])) next[name] = row[name];
  }
  return next;
}

/** References of a row that point to a record which is not there. */
export function unexpanded(row: RecordRow, schema: FieldDefinition[]): { field: FieldDefinition; id: string }[] {
  return schema.flatMap((field) => {
    const value = row[field.name];
    return field.type === 'reference' && typeof value === 'string' && value !== '' ? [{ field, id: value }] : [];
  });
}
