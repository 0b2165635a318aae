import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { progressFetch } from '@/shared/api/progress-fetch';
import { keys } from '@/shared/api/query-keys';
import { getSession } from '@/shared/api/session';
import { sendWithSession } from '@/shared/api/session-fetch';

interface Upload {
  file: File;
  /** Account that the file will belong to; only superadmins may name another one than their own. */
  accountId?: string;
  /** Ends the upload. */
  signal: AbortSignal;
  /** Hears how much of the file is sent, from 0 to 1. */
  onProgress: (share: number) => void;
}

/** Uploads a file; the reply's `file` is what a record keeps of it. Nothing refers to the file yet. */
export function useUploadFile() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ file, accountId, signal, onProgress }: Upload) => {
      const form = new FormData();
      // The server reads the parts as they come: it must know whose file it is before its bytes.
      if (accountId !== undefined && accountId !== getSession()?.account.id) form.append('account_id', accountId);
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
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.fileLists }),
  });
}
