import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { asApiError } from '@/shared/api/errors';
import { keys } from '@/shared/api/query-keys';

/** The revision that the database is at; null when it has none. */
export function currentMigration() {
  return queryOptions({
    queryKey: [...keys.migrations, 'current'],
    queryFn: async () => {
      try {
        return await unwrap(api.GET('/api/v1/migrations/current'));
      } catch (error) {
        if (asApiError(error).status === 404) return null;
        throw error;
      }
    },
  });
}
