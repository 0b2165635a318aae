import { api, unwrap } from '@/shared/api/client';
import { asApiError, errorFromReply } from '@/shared/api/errors';
import type { RecordRow, RecordValues } from '@/shared/api/types';

/** A record with the tag of this very version. */
export interface Version {
  record: RecordRow;
  tag: string | null;
}

type Call = Promise<{ data?: RecordRow; error?: unknown; response: Response }>;

async function version(call: Call): Promise<Version> {
  const reply = await call.catch((error: unknown) => {
    throw asApiError(error);
  });
  if (!reply.response.ok || !reply.data) throw errorFromReply(reply.response, reply.error);
  return { record: reply.data, tag: reply.response.headers.get('ETag') };
}

/** The record as it is now. */
export function readVersion(collection: string, id: string): Promise<Version> {
  return version(api.GET('/api/v1/records/{collection}/{id}', { params: { path: { collection, id } } }));
}

/** Changes a record if it is still of that version; refused with status 412 else. */
export function changeVersion(
  collection: string,
  id: string,
  changes: RecordValues,
  tag: string | null,
): Promise<Version> {
  return version(
    api.PATCH('/api/v1/records/{collection}/{id}', {
      params: { path: { collection, id } },
      body: changes,
      headers: tag === null ? {} : { 'If-Match': tag },
    }),
  );
}

/** Deletes a record; the call outlives the page that made it. */
export function deleteForGood(collection: string, id: string) {
  return unwrap(
    api.DELETE('/api/v1/records/{collection}/{id}', { params: { path: { collection, id } }, keepalive: true }),
  );
}
