import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

/** The hundred newest collections, newest first, with how many there are. */
export function newestCollections() {
  return queryOptions({
    queryKey: [...keys.collections, 'newest'],
    queryFn: () =>
      unwrap(
        api.GET('/api/v1/collections', {
          params: { query: { page_size: 100, sort_by: 'created_at', sort_order: 'desc' } },
        }),
      ),
  });
}

/** How many accounts there are, the system account included. */
export function countAccounts() {
  return queryOptions({
    queryKey: [...keys.accounts, 'count'],
    queryFn: async () => (await unwrap(api.GET('/api/v1/accounts', { params: { query: { page_size: 1 } } }))).total,
  });
}

/** How many users there are in all accounts. */
export function countUsers() {
  return queryOptions({
    queryKey: [...keys.users, 'count'],
    queryFn: async () => (await unwrap(api.GET('/api/v1/users', { params: { query: { limit: 1 } } }))).total,
  });
}
