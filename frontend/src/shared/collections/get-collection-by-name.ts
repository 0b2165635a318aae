import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { ApiError } from '@/shared/api/errors';
import { keys } from '@/shared/api/query-keys';
import type { Collection } from '@/shared/api/types';
import { t } from '@/shared/i18n';

const PAGE = 100;

/** The API finds collections by id only, so the id is searched first. */
async function findId(name: string): Promise<string> {
  for (let page = 1; ; page += 1) {
    const reply = await unwrap(
      api.GET('/api/v1/collections', {
        params: { query: { search: name, sort_by: 'name', sort_order: 'asc', page, page_size: PAGE } },
      }),
    );
    const found = reply.items.find((item) => item.name === name);
    if (found) return found.id;
    if (page >= reply.total_pages) throw new ApiError(404, t('collections.notFound', { name }));
  }
}

/** A collection with its schema, by name. Fails with status 404 when there is none. */
export function collectionByName(name: string) {
  return queryOptions({
    queryKey: [...keys.collections, 'by-name', name],
    queryFn: async (): Promise<Collection> =>
      unwrap(api.GET('/api/v1/collections/{id}', { params: { path: { id: await findId(name) } } })),
    staleTime: 60_000,
  });
}
