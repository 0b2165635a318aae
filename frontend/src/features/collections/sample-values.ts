import type { FieldType } from '@/shared/collections/field-types';
import { parseExpression, partsOf } from '@/shared/expressions/parse';
import { type KnownField, type Vocabulary } from '@/shared/expressions/vocabulary';

const samples: Partial<Record<FieldType, string>> = {
  text: 'Sample',
  number: '10',
  boolean: 'true',
  date: '2026-01-31',
  datetime: '2026-01-31T12:00:00Z',
  email: 'ann@example.com',
  url: 'https://example.com',
  json: '{"a": 1}',
};

/** The fields that an expression names, each once. */
export function usedFields(code: string, { fields }: Vocabulary): KnownField[] {
  const expression = parseExpression(code);
  if (!expression) return [];
  const names = new Set(partsOf(expression).flatMap((part) => (part.kind === 'field' ? [part.name] : [])));
  return fields.filter(({ name }) => names.has(name));
}

/** A value to begin with. */
export function sampleOf({ type }: KnownField): string {
  return samples[type] ?? '';
}

/** The value that a text stands for in a field of the type; an empty one is no value. */
export function sampleValue({ type }: KnownField, text: string): unknown {
  if (text === '') return null;
  if (type === 'number') return Number.isFinite(Number(text)) ? Number(text) : null;
  if (type === 'boolean') return text === 'true';
  if (type !== 'json') return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
