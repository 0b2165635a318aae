import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { RecordPage } from '@/shared/api/types';
import { apiSort } from '../grid/sort-order';

export interface WantedRecords {
  collection: string;
  /** Columns, the most important first, `-` in front for descending; absent for the API's own order: the newest first, or the best match of a search. */
  sort?: string;
  /** Filter expression; empty for none. */
  filter: string;
  /** Reference fields whose records come along. */
  expand: string[];
  /** Words that searchable fields must contain; empty for no search. */
  search?: string;
}

/** What both ways to read a list have in common. */
export function listQuery({ sort, filter, expand, search = '' }: Omit<WantedRecords, 'collection'>) {
  return {
    ...(sort && { sort: apiSort(sort) }),
    ...(filter && { filter }),
    ...(search && { search }),
    ...(expand.length > 0 && { expand: expand.join(',') }),
  };
}

/** A page of a collection's records. A filter that does not parse is refused with status 400. */
export function recordList({ page, size, ...wanted }: WantedRecords & { page: number; size: number }) {
  const { collection, sort, filter, expand, search = '' } = wanted;
  return queryOptions({
    queryKey: [...keys.records(collection), 'list', { page, size, sort, filter, expand, search }],
    queryFn: async ({ signal }) =>
      (await unwrap(
        api.GET('/api/v1/records/{collection}', {
          params: { path: { collection }, query: { skip: (page - 1) * size, limit: size, ...listQuery(wanted) } },
          signal,
        }),
      )) as RecordPage,
    placeholderData: (previous, query) => (query?.queryKey[1] === collection ? keepPreviousData(previous) : undefined),
  });
}
