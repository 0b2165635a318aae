import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

interface Wanted {
  page: number;
  size: number;
  status?: string;
  type?: string;
  /** First and last day, `YYYY-MM-DD`, in UTC. */
  from?: string;
  to?: string;
}

/** A page of the mails that the server tried to send, newest first. */
export function mailLogs({ page, size, status, type, from, to }: Wanted) {
  return queryOptions({
    queryKey: [...keys.mailLogs, 'list', { page, size, status, type, from, to }],
    queryFn: () =>
      unwrap(
        api.GET('/api/v1/admin/email/logs', {
          params: {
            query: {
              page,
              page_size: size,
              ...(status && { status_filter: status }),
              ...(type && { template_type: type }),
              ...(from && { start_date: `${from}T00:00:00Z` }),
              ...(to && { end_date: `${to}T23:59:59.999999Z` }),
            },
          },
        }),
      ),
    placeholderData: keepPreviousData,
  });
}
