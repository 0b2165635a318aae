import type { FieldDefinition, RecordRow } from '@/shared/api/types';
import type { FieldType } from '@/shared/collections/field-types';
import { readStoredFile } from '@/shared/files/stored-file';

const systemKeys = new Set([
  'id',
  'account_id',
  'account_name',
  'created_at',
  'created_by',
  'updated_at',
  'updated_by',
]);

function typeOf(value: unknown): FieldType {
  if (readStoredFile(value)) return 'file';
  switch (typeof value) {
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'object':
      return 'json';
    default:
      break;
  }
  const text = String(value);
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return 'date';
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}/.test(text)) return 'datetime';
  return /^https?:\/\//i.test(text) ? 'url' : 'text';
}

/**
 * The fields that records show, for callers to whom the API does not give the schema: each has the type
 * that its first value looks like.
 */
export function inferredSchema(rows: RecordRow[]): FieldDefinition[] {
  const types = new Map<string, FieldType | null>();
  for (const row of rows) {
    for (const [name, value] of Object.entries(row)) {
      if (systemKeys.has(name)) continue;
      const known = types.get(name) ?? null;
      types.set(name, known ?? (value === null || value === undefined ? null : typeOf(value)));
    }
  }
  return [...types].map(([name, type]) => ({
    name,
    type: type ?? 'text',
    required: false,
    default: null,
    unique: false,
    options: null,
    collection: null,
    on_delete: null,
    pii: false,
    mask_type: null,
    expression: null,
    return_type: null,
  }));
}
