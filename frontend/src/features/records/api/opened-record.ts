import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { RecordRow } from '@/shared/api/types';

/** A record as it was read, with the tag of that state. */
export interface OpenedRecord {
  record: RecordRow;
  /** Sent with a change, it has the server refuse one that would overwrite what others saved meanwhile. */
  tag: string | null;
}

/** A record to be looked at and changed; its references are ids. */
export function openedRecord(collection: string, id: string) {
  return queryOptions({
    queryKey: [...keys.records(collection), 'opened', id],
    queryFn: async (): Promise<OpenedRecord> => {
      let tag: string | null = null;
      const call = api.GET('/api/v1/records/{collection}/{id}', { params: { path: { collection, id } } });
      const record = await unwrap(
        call.then((reply) => {
          tag = reply.response.headers.get('ETag');
          return reply;
        }),
      );
      return { record, tag };
    },
  });
}
