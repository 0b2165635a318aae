import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

interface Wanted {
  type?: string;
  locale?: string;
  accountId?: string;
}

/** Templates of the system and of accounts. */
export function templateList({ type, locale, accountId }: Wanted = {}) {
  return queryOptions({
    queryKey: [...keys.mailTemplates, 'list', { type, locale, accountId }],
    queryFn: () =>
      unwrap(
        api.GET('/api/v1/admin/email/templates', {
          params: {
            query: {
              ...(type && { template_type: type }),
              ...(locale && { locale }),
              ...(accountId && { account_id: accountId }),
            },
          },
        }),
      ),
    placeholderData: keepPreviousData,
  });
}
