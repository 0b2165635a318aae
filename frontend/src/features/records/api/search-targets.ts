import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { FieldDefinition } from '@/shared/api/types';
import { displayField } from '@/shared/collections/field-types';
import { containing, quote } from '@/shared/collections/filter-text';

const SHOWN = 20;

interface Wanted {
  collection: string;
  schema: FieldDefinition[];
  /** Account whose records may be referenced. */
  accountId: string;
  text: string;
}

/** The first records of an account that a reference may point to, by a part of their display value or by id. */
export function targetSearch({ collection, schema, accountId, text }: Wanted) {
  const field = displayField(schema)?.name;
  const conditions = [`account_id = ${quote(accountId)}`];
  if (text) conditions.push(field ? `(${containing(field, text)} || id = ${quote(text)})` : `id = ${quote(text)}`);
  const filter = conditions.join(' && ');
  return queryOptions({
    queryKey: [...keys.records(collection), 'targets', filter],
    queryFn: async () =>
      (
        await unwrap(
          api.GET('/api/v1/records/{collection}', {
            params: {
              path: { collection },
              query: { filter, limit: SHOWN, sort: field ? `+${field}` : '-created_at' },
            },
          }),
        )
      ).items,
    placeholderData: keepPreviousData,
  });
}
