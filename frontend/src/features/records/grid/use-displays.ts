import { useQueries } from '@tanstack/react-query';
import type { Collection } from '@/shared/api/types';
import { displayField } from '@/shared/collections/field-types';
import { collectionByName } from '@/shared/collections/get-collection-by-name';

/** The display field of each collection that the schema refers to, as far as known. */
export function useDisplays({ schema }: Collection): Record<string, string | undefined> {
  const targets = [...new Set(schema.flatMap((field) => (field.type === 'reference' && field.collection) || []))];
  return useQueries({
    queries: targets.map((target) => collectionByName(target)),
    combine: (results) =>
      Object.fromEntries(
        targets.map((target, index) => [target, displayField(results[index]?.data?.schema ?? [])?.name]),
      ),
  });
}
