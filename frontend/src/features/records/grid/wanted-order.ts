import type { FieldDefinition } from '@/shared/api/types';
import { isSearchable } from '@/shared/collections/field-types';

export const DEFAULT_SORT = '-created_at';

/** What is searched for where fields can be. The best matches come first unless an order is chosen. */
export function searched(schema: FieldDefinition[], q: string, sort: string | undefined) {
  const search = schema.some(isSearchable) ? q : '';
  return { search, sort: sort ?? (search ? undefined : DEFAULT_SORT) };
}
