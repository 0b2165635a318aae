import type { FieldType } from '@/shared/collections/field-types';

/** What the values of a column can be told to be. */
export type ValueType = Extract<
  FieldType,
  'text' | 'number' | 'boolean' | 'date' | 'datetime' | 'email' | 'url' | 'json'
>;

const shapes: [ValueType, RegExp][] = [
  ['number', /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i],
  ['boolean', /^(true|false)$/i],
  ['date', /^\d{4}-\d{2}-\d{2}$/],
  ['datetime', /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/],
  ['email', /^[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,}$/],
  ['url', /^https?:\/\/\S+$/i],
  ['json', /^[[{][^]*[\]}]$/],
];

function typeOf(value: unknown): ValueType {
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'boolean';
  if (typeof value !== 'string') return 'json';
  return shapes.find(([, shape]) => shape.test(value))?.[0] ?? 'text';
}

/** What all of the values are; text when they differ, null when there are none. */
export function inferType(values: unknown[]): ValueType | null {
  const types = new Set(values.filter((value) => value !== null && value !== undefined && value !== '').map(typeOf));
  const [first, second, ...others] = types;
  if (first === undefined) return null;
  if (second === undefined) return first;
  if (types.has('date') && types.has('datetime') && others.length === 0) return 'datetime';
  return types.has('json') ? 'json' : 'text';
}

/** Whether values of the type can stand in fields of the other one. */
export function fits(type: ValueType | null, field: FieldType): boolean {
  if (type === null || type === field) return true;
  if (field === 'datetime') return type === 'date';
  return !['number', 'boolean', 'date', 'email', 'url'].includes(field);
}

/** A value of a JSON file as the field takes it, where only its writing differs: `"4.5"` for a number, `4` for a text. */
export function converted(value: unknown, field: FieldType): unknown {
  if (typeof value === 'string') {
    if (value === '' && !['text', 'json'].includes(field)) return null;
    if (field === 'number' && typeOf(value) === 'number') return Number(value);
    if (field === 'boolean' && typeOf(value) === 'boolean') return value.toLowerCase() === 'true';
    return value;
  }
  const plain = typeof value === 'number' || typeof value === 'boolean';
  return plain && ['text', 'email', 'url', 'reference'].includes(field) ? String(value) : value;
}
