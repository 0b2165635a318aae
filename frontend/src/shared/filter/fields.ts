import { useQueries } from '@tanstack/react-query';
import type { FieldDefinition } from '@/shared/api/types';
import { type FieldType, fieldType } from '@/shared/collections/field-types';
import { collectionByName } from '@/shared/collections/get-collection-by-name';
import { arity, type Condition, type FilterValue, type Operator } from './model';

/** A field that a filter can name. */
export interface FilterField {
  /** As the filter names it, through references with dots. */
  path: string;
  /** What its values are: of a computed field, what it computes. */
  type: FieldType;
  /** Of a reference: the collection it leads to. */
  target?: string;
  /** Whether its words are indexed. */
  searchable: boolean;
}

export interface FieldGroup {
  /** Path of the reference that leads to the fields; absent for the collection's own. */
  through?: string;
  /** Whether the fields are those that every record has. */
  system?: boolean;
  fields: FilterField[];
}

const systemFields: [string, FieldType][] = [
  ['id', 'text'],
  ['account_id', 'text'],
  ['created_by', 'text'],
  ['updated_by', 'text'],
  ['created_at', 'datetime'],
  ['updated_at', 'datetime'],
];

const computedTypes: readonly string[] = ['number', 'boolean', 'datetime'];

/** The type that the field's values have. */
function valueType(field: FieldDefinition): FieldType {
  if (field.type !== 'computed') return fieldType(field);
  return computedTypes.includes(field.return_type ?? '') ? (field.return_type as FieldType) : 'text';
}

function fieldsOf(schema: FieldDefinition[], prefix = ''): FilterField[] {
  return schema.map((field) => ({
    path: prefix + field.name,
    type: valueType(field),
    searchable: field.options?.searchable === true,
    ...(field.type === 'reference' && field.collection ? { target: field.collection } : {}),
  }));
}

/** The fields of a collection with those that every record has. */
export function ownFields(schema: FieldDefinition[]): FieldGroup[] {
  const system = systemFields.map(([path, type]) => ({ path, type, searchable: false }));
  return [{ fields: fieldsOf(schema) }, { system: true, fields: system }].filter(({ fields }) => fields.length > 0);
}

const targetsOf = (groups: FieldGroup[]) => groups.flatMap(({ fields }) => fields.filter((field) => field.target));

function useBehind(references: FilterField[], enabled: boolean): FieldGroup[] {
  return useQueries({
    queries: references.map((reference) => ({ ...collectionByName(reference.target ?? ''), enabled })),
    combine: (results) =>
      references.flatMap((reference, index) => {
        const schema = results[index]?.data?.schema;
        return schema ? [{ through: reference.path, fields: fieldsOf(schema, `${reference.path}.`) }] : [];
      }),
  });
}

/** The fields of a collection and those behind its references, two references deep; the latter once `enabled`. */
export function useFilterFields(schema: FieldDefinition[], enabled: boolean): FieldGroup[] {
  const own = ownFields(schema);
  const first = useBehind(targetsOf(own), enabled);
  const second = useBehind(targetsOf(first), enabled);
  return [...own, ...first, ...second];
}

/** The field of that name among the groups; one that is not known is taken for text. */
export function findField(groups: FieldGroup[], path: string): FilterField | undefined {
  for (const { fields } of groups) {
    const found = fields.find((field) => field.path === path);
    if (found) return found;
  }
  return undefined;
}

const textOperators: Operator[] = [
  'eq',
  'ne',
  'contains',
  'notContains',
  'starts',
  'ends',
  'oneOf',
  'notOneOf',
  'empty',
  'notEmpty',
  'null',
  'notNull',
];

/** The operators that suit a field, the usual one first. */
export function operatorsFor(field: Pick<FilterField, 'type' | 'searchable'> | undefined): Operator[] {
  switch (field?.type) {
    case 'number':
      return ['eq', 'ne', 'gt', 'ge', 'lt', 'le', 'between', 'oneOf', 'notOneOf', 'null', 'notNull'];
    case 'date':
    case 'datetime':
      return ['ge', 'gt', 'le', 'lt', 'between', 'eq', 'ne', 'null', 'notNull'];
    case 'boolean':
      return ['eq', 'null', 'notNull'];
    case 'reference':
      return ['eq', 'ne', 'oneOf', 'null', 'notNull'];
    case 'json':
    case 'file':
      return ['notNull', 'null'];
    default:
      return field?.searchable ? [...textOperators, 'words'] : textOperators;
  }
}

/** The operators to offer for a condition: those of its field, and the one that it has. */
export function offeredOperators(field: FilterField | undefined, operator: Operator): Operator[] {
  const suited = operatorsFor(field);
  return suited.includes(operator) ? suited : [...suited, operator];
}

/** What a value begins as. */
function firstValue(type: FieldType | undefined): FilterValue {
  return type === 'boolean' ? true : '';
}

/** The values of one operator taken over by another, as far as it takes any. */
export function carriedValues(type: FieldType | undefined, operator: Operator, old: FilterValue[]): FilterValue[] {
  const count = arity(operator);
  if (count === 0) return [];
  if (count === 'many') return old.filter((value) => value !== '');
  return Array.from({ length: count }, (_, index) => old[index] ?? firstValue(type));
}

/** A condition on the field as it begins: with its usual operator and no value yet. */
export function newCondition(field: FilterField): Condition {
  const operator = operatorsFor(field)[0] as Operator;
  return { kind: 'condition', field: field.path, operator, values: carriedValues(field.type, operator, []) };
}

/** Whether the condition has all the values it needs. An empty text is a value to compare with. */
export function isComplete(condition: Condition, type: FieldType | undefined): boolean {
  const { operator, values } = condition;
  const count = arity(operator);
  if (count === 'many') return values.length > 0;
  if (values.length < count) return false;
  const comparesText = (operator === 'eq' || operator === 'ne') && (type === undefined || isTextual(type));
  return comparesText || values.every((value) => value !== '');
}

export const isTextual = (type: FieldType) => ['text', 'email', 'url', 'computed'].includes(type);

/** What somebody typed as a value of the field: a number where the field has numbers and it is one. */
export function typedValue(type: FieldType | undefined, text: string): FilterValue {
  if (type !== 'number' || text.trim() === '') return text;
  const value = Number(text);
  return Number.isFinite(value) ? value : text;
}
