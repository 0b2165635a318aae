import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { FieldDefinition } from '@/shared/api/types';
import { displayField } from '@/shared/collections/field-types';
import { containing, quote } from '@/shared/collections/filter-text';

const PAGE = 30;

interface Wanted {
  collection: string;
  schema: FieldDefinition[];
  /** Account whose records may be referenced. */
  accountId: string;
  text: string;
}

/** The records of an account that a reference may point to, by a part of their display value or the beginning of their id. */
export function targetSearch({ collection, schema, accountId, text }: Wanted) {
  const field = displayField(schema)?.name;
  const conditions = [`account_id = ${quote(accountId)}`];
  if (text) {
    const byId = `id ~ ${quote(`${text}%`)}`;
    conditions.push(field ? `(${containing(field, text)} || ${byId})` : byId);
  }
  const filter = conditions.join(' && ');
  return infiniteQueryOptions({
    queryKey: [...keys.records(collection), 'targets', filter],
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET('/api/v1/records/{collection}', {
          params: {
            path: { collection },
            query: { filter, skip: pageParam, limit: PAGE, sort: field ? `+${field}` : '-created_at' },
          },
        }),
      ),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => {
      const seen = pages.reduce((count, { items }) => count + items.length, 0);
      return last.items.length > 0 && seen < (last.total ?? 0) ? seen : undefined;
    },
    placeholderData: keepPreviousData,
  });
}
