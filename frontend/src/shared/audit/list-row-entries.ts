import { infiniteQueryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

/** Entries that come at once; a change of a row has one for each of its columns. */
const PAGE = 200;

/** What the audit log says of a row, the newest first, page by page. */
export function rowEntries(table: string, record: string) {
  return infiniteQueryOptions({
    queryKey: [...keys.audit, 'row', table, record],
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET('/api/v1/audit-logs', {
          params: { query: { table_name: table, record_id: record, skip: pageParam, limit: PAGE } },
        }),
      ),
    initialPageParam: 0,
    getNextPageParam: ({ skip, items, total }) => {
      const seen = skip + items.length;
      return items.length > 0 && seen < total ? seen : undefined;
    },
  });
}
