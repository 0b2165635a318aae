import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { Client } from 'openapi-fetch';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

/** A file that the server keeps. */
export interface FileEntry {
  path: string;
  filename: string;
  mime_type: string;
  /** In bytes. */
  size: number;
  account_id: string;
  /** Id of the user. */
  uploaded_by: string;
  created_at: string;
  provider: string;
  /** Whether a record refers to it. */
  held: boolean;
}

interface FilePage {
  items: FileEntry[];
  total: number;
  skip: number;
  limit: number;
  /** Of all that match. */
  total_bytes: number;
}

interface FileQuery {
  skip: number;
  limit: number;
  search?: string;
  account_id?: string;
  state?: 'held' | 'unheld';
  sort: string;
}

/** The call in the shape of the generated schema. */
interface FilePaths {
  '/api/v1/files': {
    get: {
      parameters: { query: FileQuery };
      responses: { 200: { headers: Record<string, unknown>; content: { 'application/json': FilePage } } };
    };
  };
}

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
  const query: FileQuery = {
    skip: (page - 1) * size,
    limit: size,
    sort,
    ...(q && { search: q }),
    ...(state && { state }),
    ...(account && { account_id: account }),
  };
  return queryOptions({
    queryKey: [...keys.fileLists, query],
    queryFn: () => unwrap((api as unknown as Client<FilePaths>).GET('/api/v1/files', { params: { query } })),
    placeholderData: keepPreviousData,
  });
}
