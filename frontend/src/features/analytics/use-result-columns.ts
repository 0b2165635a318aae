import { useQueries } from '@tanstack/react-query';
import type { FieldDefinition } from '@/shared/api/types';
import { displayField } from '@/shared/collections/field-types';
import { collectionByName } from '@/shared/collections/get-collection-by-name';
import { targetNames } from './api/target-names';
import { aliasOf, type Measure, measureLabel, typeOfField } from './measures';
import type { ResultColumn, ResultRow } from './result';

/** Names of the records that reference fields among the groups lead to, by field and id. */
function useNames(schema: FieldDefinition[], groups: string[], rows: ResultRow[]) {
  const references = schema.filter(
    (field) => field.type === 'reference' && field.collection && groups.includes(field.name),
  );
  const targets = useQueries({ queries: references.map((field) => collectionByName(field.collection ?? '')) });
  return useQueries({
    queries: references.map((field, index) => {
      const display = displayField(targets[index]?.data?.schema ?? [])?.name;
      const ids = [...new Set(rows.map((row) => row[field.name]).filter((id) => typeof id === 'string'))];
      return {
        ...targetNames(field.collection ?? '', display ?? '', ids),
        enabled: display !== undefined && ids.length > 0,
      };
    }),
    combine: (results) =>
      Object.fromEntries(references.map((field, index) => [field.name, results[index]?.data ?? {}])),
  });
}

/** The columns of a result: the fields of the groups, then what was computed. */
export function useResultColumns(
  schema: FieldDefinition[],
  groups: string[],
  measures: Measure[],
  rows: ResultRow[],
): ResultColumn[] {
  const names = useNames(schema, groups, rows);
  return [
    ...groups.map((name) => ({
      key: name,
      label: name,
      type: typeOfField(name, schema),
      measure: false,
      names: names[name],
    })),
    ...measures.map((measure) => ({
      key: aliasOf(measure),
      label: measureLabel(measure),
      type: measure.fn === 'min' || measure.fn === 'max' ? typeOfField(measure.field, schema) : ('number' as const),
      measure: true,
    })),
  ];
}
