import { queryOptions, useMutation } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { ApiError } from '@/shared/api/errors';
import { keys } from '@/shared/api/query-keys';
import { t } from '@/shared/i18n';
import { saveFile } from '@/shared/lib/download';
import { kindOfType, type StoredFile } from './stored-file';
import { withFilePath } from './file-path';

/** Twice the largest size in which thumbnails are shown, in pixels. */
const THUMB = '96x96';
/** Fits any window; pictures of fewer bytes than {@link WHOLE_PICTURE} come as they are. */
const LARGE = '2048x2048f';
const WHOLE_PICTURE = 2 * 1024 * 1024;
/** As many bytes of a text are shown. */
export const SHOWN_TEXT = 256 * 1024;

interface Wanted {
  path: string;
  /** Size of the picture that is to be made of a picture. */
  thumb?: string;
  /** The bytes wanted, as in the header `Range`. */
  range?: string;
  signal?: AbortSignal;
}

async function content({ path, thumb, range, signal }: Wanted): Promise<Blob> {
  const data = await unwrap(
    api.GET('/api/v1/files/{path}', {
      params: { path: { path }, query: { ...(thumb && { thumb }) } },
      headers: range ? { Range: range } : {},
      pathSerializer: withFilePath,
      parseAs: 'blob',
      signal,
    }),
  );
  // The client gives nothing for a reply without a body, which an empty file is.
  return (data as Blob | undefined) ?? new Blob();
}

/** A picture's bytes as an address of their own, which the pages' Content-Security-Policy allows for images. */
function pictureAddress(bytes: Blob): Promise<string> {
  if (kindOfType(bytes.type) !== 'picture') return Promise.reject(new ApiError(200, t('files.unreadable')));
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(new ApiError(200, t('files.unreadable')));
    reader.readAsDataURL(bytes);
  });
}

// What lies under a path never changes, so that nothing is read twice while it is kept.
const unchanging = { staleTime: Infinity, refetchOnWindowFocus: false } as const;

/** The address of a small, square picture of a picture. */
export function thumbnail(path: string) {
  return queryOptions({
    queryKey: [...keys.files, path, 'thumbnail'],
    queryFn: async ({ signal }) => pictureAddress(await content({ path, thumb: THUMB, signal })),
    ...unchanging,
  });
}

/** The address of a picture in a size for looking at it. */
export function picture({ path, size }: StoredFile) {
  return queryOptions({
    queryKey: [...keys.files, path, 'picture'],
    queryFn: async ({ signal }) =>
      pictureAddress(await content({ path, thumb: size > WHOLE_PICTURE ? LARGE : undefined, signal })),
    gcTime: 60_000,
    ...unchanging,
  });
}

/** The beginning of a file as text, at most {@link SHOWN_TEXT} bytes of it. */
export function textOf({ path, size }: StoredFile) {
  return queryOptions({
    queryKey: [...keys.files, path, 'text'],
    queryFn: async ({ signal }) => {
      const range = size > SHOWN_TEXT ? `bytes=0-${SHOWN_TEXT - 1}` : undefined;
      return (await content({ path, range, signal })).slice(0, SHOWN_TEXT).text();
    },
    gcTime: 60_000,
    ...unchanging,
  });
}

/** Hands a file to the person under the name that it was uploaded with. */
export function useDownloadFile() {
  return useMutation({
    mutationFn: async ({ path, filename }: StoredFile) => saveFile(await content({ path }), filename),
    meta: { toastError: true },
  });
}
