import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

interface Wanted {
  page: number;
  size: number;
  sort: string;
  /** A part of the name; empty for all. */
  q: string;
  state?: 'held' | 'unheld';
  /** For superadmins; absent for all accounts. */
  account?: string;
}

/** A page of the files of the caller's account, for superadmins of all. */
export function fileList({ page, size, sort, q, state, account }: Wanted) {
  const query = {
    skip: (page - 1) * size,
    limit: size,
    sort,
    ...(q && { search: q }),
    ...(state && { state }),
    ...(account && { account_id: account }),
  };
  return queryOptions({
    queryKey: [...keys.fileLists, query],
    queryFn: () => unwrap(api.GET('/api/v1/files', { params: { query } })),
    placeholderData: keepPreviousData,
  });
}
