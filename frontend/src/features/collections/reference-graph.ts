import type { ExportedCollection } from '@/shared/api/types';
import { type FieldType, fieldType } from '@/shared/collections/field-types';

/** A collection in the diagram. */
export interface GraphCollection {
  name: string;
  fields: { name: string; type: FieldType }[];
}

/** A field that leads from one collection to another, or to itself. */
export interface GraphReference {
  id: string;
  from: string;
  to: string;
  field: string;
  onDelete: string;
}

export interface ReferenceGraph {
  collections: GraphCollection[];
  references: GraphReference[];
}

/** Collections and what leads from one to another. A reference to a collection that is gone leads nowhere. */
export function referenceGraph(exported: Pick<ExportedCollection, 'name' | 'schema'>[]): ReferenceGraph {
  const names = new Set(exported.map(({ name }) => name));
  return {
    collections: exported.map(({ name, schema }) => ({
      name,
      fields: schema.map((field) => ({ name: field.name, type: fieldType(field) })),
    })),
    references: exported.flatMap(({ name, schema }) =>
      schema.flatMap(({ name: field, type, collection, on_delete }) =>
        type === 'reference' && collection && names.has(collection)
          ? [{ id: `${name}.${field}`, from: name, to: collection, field, onDelete: on_delete ?? 'restrict' }]
          : [],
      ),
    ),
  };
}
