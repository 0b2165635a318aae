import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { FieldDefinition } from '@/shared/api/types';
import { allSchemas } from '@/shared/collections/all-schemas';
import { type KnownField, knownFields, type Vocabulary } from '@/shared/expressions/vocabulary';
import { macroList } from '@/shared/macros/list-macros';
import type { RuleSlot } from './rule-draft';

const noCollections: ReadonlyMap<string, KnownField[]> = new Map();

/** The names that a rule of a collection can use. */
export function useRuleVocabulary(schema: FieldDefinition[], slot: RuleSlot): Vocabulary {
  const schemas = useQuery(allSchemas());
  const macros = useQuery(macroList());
  return useMemo(
    () => ({
      fields: knownFields(schema),
      collections: schemas.data
        ? new Map(schemas.data.map((collection) => [collection.name, knownFields(collection.schema)]))
        : noCollections,
      caller: true,
      data: slot === 'create' || slot === 'update' || slot === 'updateCheck',
      macros: (macros.data ?? []).map(({ name, parameters, description }) => ({ name, parameters, description })),
    }),
    [schema, schemas.data, macros.data, slot],
  );
}

type Named = Pick<FieldDefinition, 'name' | 'type'>;

/** The names that a computed field can use: stored fields of its own collection. */
export function computedVocabulary(fields: Named[]): Vocabulary {
  const stored = fields.filter(({ name, type }) => name !== '' && type !== 'computed');
  return { fields: knownFields(stored), collections: noCollections, caller: false, data: false, macros: [] };
}
