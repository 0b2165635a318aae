import type { FieldDefinition, RecordRow } from '@/shared/api/types';
import { fieldType } from '@/shared/collections/field-types';
import { quote } from '@/shared/collections/filter-text';

/** Stands in snippets for what there is no real id of. */
export const NO_ID = 'RECORD_ID';

function sampleValue(field: FieldDefinition, record: RecordRow | undefined): unknown {
  const real = record?.[field.name];
  switch (fieldType(field)) {
    case 'number':
      return 12.5;
    case 'boolean':
      return true;
    case 'date':
      return '2026-01-31';
    case 'datetime':
      return '2026-01-31T09:30:00Z';
    case 'email':
      return 'ann@example.com';
    case 'url':
      return 'https://example.com';
    case 'json':
      return { key: 'value' };
    case 'reference':
      return typeof real === 'string' ? real : NO_ID;
    default:
      return `A ${field.name}`;
  }
}

/** Fields that a body has: not computed ones, and files only where they must be. */
function bodyFields(schema: FieldDefinition[]): FieldDefinition[] {
  return schema.filter((field) => field.type !== 'computed' && field.type !== 'file');
}

/** A record as it can be sent to be created. */
export function sampleBody(schema: FieldDefinition[], record: RecordRow | undefined): Record<string, unknown> {
  const fields = bodyFields(schema).filter(
    // A reference to nothing would be refused.
    (field) => field.type !== 'reference' || field.required || typeof record?.[field.name] === 'string',
  );
  return Object.fromEntries(fields.map((field) => [field.name, sampleValue(field, record)]));
}

/** A change of one field. */
export function samplePatch(schema: FieldDefinition[], record: RecordRow | undefined): Record<string, unknown> {
  const [first] = bodyFields(schema);
  return first ? { [first.name]: sampleValue(first, record) } : {};
}

/** A filter on a field of the collection. */
export function sampleFilter(schema: FieldDefinition[], record: RecordRow | undefined): string {
  const number = schema.find((field) => field.type === 'number');
  if (number) return `${number.name} > 10`;
  const text = schema.find((field) => field.type === 'text');
  if (!text) return 'created_at > "2026-01-01"';
  const real = record?.[text.name];
  return typeof real === 'string' ? `${text.name} = ${quote(real)}` : `${text.name} ~ ${quote('%tea%')}`;
}

/** Functions and groups over fields of the collection. */
export function sampleAggregate(schema: FieldDefinition[]): { functions: string; group_by?: string } {
  const number = schema.find((field) => field.type === 'number');
  const group = schema.find((field) => ['boolean', 'reference', 'text', 'date'].includes(field.type));
  return {
    functions: number ? `count(),avg(${number.name})` : 'count()',
    ...(group && { group_by: group.name }),
  };
}
