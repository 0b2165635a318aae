import { useMutation } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { progressFetch } from '@/shared/api/progress-fetch';
import { sendWithSession } from '@/shared/api/session-fetch';

interface Upload {
  file: File;
  /** Ends the upload. */
  signal: AbortSignal;
  /** Hears how much of the file is sent, from 0 to 1. */
  onProgress: (share: number) => void;
}

/** Uploads a file; the reply's `file` is what a record keeps of it. Nothing refers to the file yet. */
export function useUploadFile() {
  return useMutation({
    mutationFn: ({ file, signal, onProgress }: Upload) => {
      const form = new FormData();
      form.append('file', file, file.name);
      return unwrap(
        api.POST('/api/v1/files/upload', {
          body: { file: file.name },
          bodySerializer: () => form,
          fetch: (request) => sendWithSession(request, progressFetch(onProgress)),
          signal,
        }),
      );
    },
  });
}
