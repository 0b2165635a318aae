import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { Hook } from '@/shared/api/types';
import type { ActingAccount } from '@/shared/automation/acting-account';

interface Wanted {
  page: number;
  size: number;
  trigger?: string;
  enabled?: boolean;
}

/** A page of an account's hooks, newest first. */
export function hookList(account: ActingAccount, { page, size, trigger, enabled }: Wanted) {
  return queryOptions({
    queryKey: [...keys.hooks, 'list', account, { page, size, trigger, enabled }],
    queryFn: async () => {
      const list = await unwrap(
        api.GET('/api/v1/hooks', {
          params: {
            query: {
              ...account,
              offset: (page - 1) * size,
              limit: size,
              ...(trigger && { trigger_type: trigger }),
              ...(enabled !== undefined && { enabled }),
            },
          },
        }),
      );
      return { total: list.total, items: list.items as unknown as Hook[] };
    },
    placeholderData: keepPreviousData,
  });
}
