import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import { parseSort } from '@/shared/lib/list-search';
import { type AuditFilter, filterQuery } from '../audit-filter';

interface Wanted {
  page: number;
  size: number;
  sort: string;
  filter: AuditFilter;
}

/** A page of the audit log: of the caller's account, for superadmins of all. */
export function auditEntries({ page, size, sort, filter }: Wanted) {
  const { column, descending } = parseSort(sort);
  return queryOptions({
    queryKey: [...keys.audit, 'list', { page, size, sort, filter }],
    queryFn: () =>
      unwrap(
        api.GET('/api/v1/audit-logs', {
          params: {
            query: {
              ...filterQuery(filter),
              skip: (page - 1) * size,
              limit: size,
              sort_by: column,
              sort_order: descending ? 'desc' : 'asc',
            },
          },
        }),
      ),
    placeholderData: keepPreviousData,
  });
}
