import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { ActingAccount } from '@/shared/automation/acting-account';

/** A page of a hook's executions, newest first. */
export function executionList(account: ActingAccount, id: string, { page, size }: { page: number; size: number }) {
  return queryOptions({
    queryKey: [...keys.hooks, 'executions', account, id, { page, size }],
    queryFn: () =>
      unwrap(
        api.GET('/api/v1/hooks/{hook_id}/executions', {
          params: { path: { hook_id: id }, query: { ...account, offset: (page - 1) * size, limit: size } },
        }),
      ),
    placeholderData: keepPreviousData,
  });
}
