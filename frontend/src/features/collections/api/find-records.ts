import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { Collection } from '@/shared/api/types';
import { displayField } from '@/shared/collections/field-types';
import { containing, quote } from '@/shared/collections/filter-text';

const SHOWN = 20;

/** The newest records whose display value contains the text, or whose id it is. */
export function recordSearch({ name, schema }: Collection, text: string) {
  const field = displayField(schema)?.name;
  const byId = `id = ${quote(text)}`;
  const filter = text && (field ? `(${containing(field, text)} || ${byId})` : byId);
  return queryOptions({
    queryKey: [...keys.records(name), 'search', text],
    queryFn: async () =>
      (
        await unwrap(
          api.GET('/api/v1/records/{collection}', {
            params: { path: { collection: name }, query: { limit: SHOWN, ...(filter && { filter }) } },
          }),
        )
      ).items,
    placeholderData: keepPreviousData,
  });
}
