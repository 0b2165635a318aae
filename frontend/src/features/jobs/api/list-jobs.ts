import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

interface Wanted {
  page: number;
  size: number;
  status?: string;
  queue?: string;
  handler?: string;
}

/** A page of the jobs, newest first. */
export function jobList({ page, size, status, queue, handler }: Wanted) {
  return queryOptions({
    queryKey: [...keys.jobs, 'list', { page, size, status, queue, handler }],
    queryFn: () =>
      unwrap(
        api.GET('/api/v1/admin/jobs', {
          params: {
            query: {
              offset: (page - 1) * size,
              limit: size,
              ...(status && { status }),
              ...(queue && { queue }),
              ...(handler && { handler }),
            },
          },
        }),
      ),
    placeholderData: keepPreviousData,
  });
}
