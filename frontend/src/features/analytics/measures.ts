import type { FieldDefinition } from '@/shared/api/types';
import { fieldType, type FieldType } from '@/shared/collections/field-types';
import { t } from '@/shared/i18n';

export const functions = ['count', 'sum', 'avg', 'min', 'max'] as const;
export type AggregateFunction = (typeof functions)[number];

/** Something that is computed for each group: `sum(price)`; `count()` without a field counts records. */
export interface Measure {
  fn: AggregateFunction;
  field: string;
}

/** How many of each the API takes. */
export const MOST_MEASURES = 20;
export const MOST_GROUPS = 10;

export const systemFields: { name: string; type: FieldType }[] = [
  { name: 'id', type: 'text' },
  { name: 'account_id', type: 'text' },
  { name: 'created_by', type: 'text' },
  { name: 'updated_by', type: 'text' },
  { name: 'created_at', type: 'datetime' },
  { name: 'updated_at', type: 'datetime' },
];

const ordered: readonly FieldType[] = ['number', 'date', 'datetime', 'text', 'email', 'url'];

/** The fields that a function takes. */
export function fieldsFor(fn: AggregateFunction, schema: FieldDefinition[]): string[] {
  const names = (fits: (type: FieldType) => boolean) =>
    schema.filter((field) => fits(fieldType(field))).map((field) => field.name);
  switch (fn) {
    case 'count':
      return [...names(() => true), ...systemFields.map((field) => field.name)];
    case 'sum':
    case 'avg':
      return names((type) => type === 'number');
    default:
      return names((type) => ordered.includes(type));
  }
}

/** The fields whose equal values can make a group. */
export function groupableFields(schema: FieldDefinition[]): string[] {
  return [
    ...schema.filter((field) => field.type !== 'computed').map((field) => field.name),
    ...systemFields.map((field) => field.name),
  ];
}

/** The type of a field of the collection or of every record. */
export function typeOfField(name: string, schema: FieldDefinition[]): FieldType {
  const field = schema.find((candidate) => candidate.name === name);
  if (field) return fieldType(field);
  return systemFields.find((candidate) => candidate.name === name)?.type ?? 'text';
}

/** Under which key the API gives the result. */
export const aliasOf = ({ fn, field }: Measure) => (field === '' ? fn : `${fn}_${field}`);

export const printMeasure = ({ fn, field }: Measure) => `${fn}(${field})`;

/** The measure in words: `Sum of price`. */
export function measureLabel({ fn, field }: Measure): string {
  return field === '' ? t('analytics.records') : t(`analytics.of.${fn}`, { field });
}

/** Reads `count(),sum(price)`; parts that are no measure, and repeated ones, are left out. */
export function readMeasures(text: string): Measure[] {
  const found = new Map<string, Measure>();
  for (const part of text.split(',')) {
    const [, fn, field = ''] = /^\s*(count|sum|avg|min|max)\(\s*(\w*)\s*\)\s*$/.exec(part) ?? [];
    if (fn === undefined || (field === '' && fn !== 'count')) continue;
    const measure = { fn: fn as AggregateFunction, field };
    found.set(aliasOf(measure), measure);
  }
  return [...found.values()].slice(0, MOST_MEASURES);
}

/** Reads the fields of a comma list, each once. */
export function readGroups(text: string): string[] {
  const names = text.split(',').map((name) => name.trim());
  return [...new Set(names.filter((name) => /^\w+$/.test(name)))].slice(0, MOST_GROUPS);
}
