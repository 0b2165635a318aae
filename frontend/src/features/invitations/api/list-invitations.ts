import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

interface Wanted {
  /** Absent for every state. */
  status?: string;
  /** Absent for all accounts; only superadmins may name one. */
  accountId?: string;
}

/** Invitations to the caller's account, for superadmins to any, newest first. */
export function invitationList({ status, accountId }: Wanted = {}) {
  return queryOptions({
    queryKey: [...keys.invitations, 'list', { status, accountId }],
    queryFn: async () =>
      (
        await unwrap(
          api.GET('/api/v1/invitations', {
            params: {
              query: { ...(status && { status_filter: status }), ...(accountId && { account_id: accountId }) },
            },
          }),
        )
      ).invitations,
    placeholderData: keepPreviousData,
  });
}
