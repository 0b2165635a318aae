import { fileNameOf, saveFile } from '@/shared/lib/download';
import { asApiError, errorFromReply } from './errors';

/**
 * Hands the body of a reply to the person as a file, under the name the server gives it; for calls made with
 * `parseAs: 'blob'`. Throws an `ApiError` like `unwrap`.
 */
export async function saveReply(
  call: Promise<{ data?: unknown; error?: unknown; response: Response }>,
  fallbackName: string,
): Promise<void> {
  const { data, error, response } = await call.catch((reason: unknown) => {
    throw asApiError(reason);
  });
  if (!response.ok) throw errorFromReply(response, error);
  saveFile(data as Blob, fileNameOf(response.headers.get('Content-Disposition'), fallbackName));
}
