import type { FieldDefinition } from '@/shared/api/types';
import { type FieldType, fieldType } from '@/shared/collections/field-types';

/** A field that an expression can name. */
export interface KnownField {
  name: string;
  type: FieldType;
  /** The collection a reference leads to. */
  target?: string;
}

/** A macro that a rule can call. */
export interface KnownMacro {
  name: string;
  parameters: readonly string[];
  description?: string | null;
}

/** The names that can stand in an expression. */
export interface Vocabulary {
  fields: KnownField[];
  /** Fields of other collections by name, for names that lead through references; empty where none may. */
  collections: ReadonlyMap<string, KnownField[]>;
  /** Whether `@request.auth.*` and macros exist. */
  caller: boolean;
  /** Whether `@request.data.*` exists. */
  data: boolean;
  macros: KnownMacro[];
}

/** References that a name may lead through. */
const MOST_REFERENCES = 3;

export const callerVariables = ['id', 'email', 'role', 'account_id'] as const;

const systemFields: KnownField[] = [
  { name: 'id', type: 'text' },
  { name: 'account_id', type: 'text' },
  { name: 'created_at', type: 'datetime' },
  { name: 'created_by', type: 'text' },
  { name: 'updated_at', type: 'datetime' },
  { name: 'updated_by', type: 'text' },
];

type Named = Pick<FieldDefinition, 'name' | 'type'> & { collection?: string | null };

/** The fields of a schema and those that every record has. */
export function knownFields(schema: readonly Named[]): KnownField[] {
  const own = schema.map((field): KnownField => {
    const type = fieldType(field);
    return { name: field.name, type, ...(type === 'reference' && field.collection && { target: field.collection }) };
  });
  return [...own, ...systemFields];
}

/** The fields that can follow what stands before a dot: those of the collection that the references lead to. */
export function fieldsBehind(way: string[], { fields, collections }: Vocabulary): KnownField[] | null {
  if (way.length > MOST_REFERENCES) return null;
  let found: KnownField[] = fields;
  for (const name of way) {
    const target = found.find((field) => field.name === name)?.target;
    const next = target === undefined ? undefined : collections.get(target);
    if (!next) return null;
    found = next;
  }
  return found;
}

/** The field that a name, perhaps through references, leads to. */
export function fieldAt(path: string, vocabulary: Vocabulary): KnownField | undefined {
  const way = path.split('.');
  const last = way.pop();
  return fieldsBehind(way, vocabulary)?.find((field) => field.name === last);
}
