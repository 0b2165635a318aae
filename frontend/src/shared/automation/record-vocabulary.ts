import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { isSuperadmin, useCaller } from '@/shared/api/audience';
import { allSchemas } from '@/shared/collections/all-schemas';
import { type KnownField, knownFields, type Vocabulary } from '@/shared/expressions/vocabulary';

const noCollections: ReadonlyMap<string, KnownField[]> = new Map();

/**
 * The names that a condition on a record of a collection can use. Only superadmins may read the fields of collections;
 * to others the fields that every record has are suggested.
 */
export function useRecordVocabulary(collection: string): Vocabulary {
  const administers = isSuperadmin(useCaller());
  const schemas = useQuery({ ...allSchemas(), enabled: administers });
  return useMemo(() => {
    const schema = schemas.data?.find(({ name }) => name === collection)?.schema ?? [];
    return { fields: knownFields(schema), collections: noCollections, caller: false, data: false, macros: [] };
  }, [schemas.data, collection]);
}
