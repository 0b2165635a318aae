import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import { containing, quote } from '@/shared/collections/filter-text';

const SHOWN = 20;

/** The first records of a collection that a condition may name, by a part of their display field or by id. */
export function filterTargets(collection: string, display: string | undefined, text: string) {
  const byId = `id = ${quote(text)}`;
  const filter = text === '' ? undefined : display ? `${containing(display, text)} || ${byId}` : byId;
  return queryOptions({
    queryKey: [...keys.records(collection), 'filter-targets', display, text],
    queryFn: async () =>
      (
        await unwrap(
          api.GET('/api/v1/records/{collection}', {
            params: {
              path: { collection },
              query: { filter, limit: SHOWN, skip_total: true, sort: display ? `+${display}` : '-created_at' },
            },
          }),
        )
      ).items,
    placeholderData: keepPreviousData,
  });
}

/** One record that a condition names. */
export function filterTarget(collection: string, id: string) {
  return queryOptions({
    queryKey: [...keys.records(collection), 'one', id],
    queryFn: () => unwrap(api.GET('/api/v1/records/{collection}/{id}', { params: { path: { collection, id } } })),
    retry: false,
  });
}
