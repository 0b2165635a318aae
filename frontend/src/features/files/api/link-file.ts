import { useMutation } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { withFilePath } from '@/shared/files/file-path';

interface Wanted {
  path: string;
  /** For how many seconds the link counts. */
  seconds: number;
  /** Whether browsers show the file rather than save it. */
  inline: boolean;
}

/** Makes a link by which everybody reads a file for a while. */
export function useLinkFile() {
  return useMutation({
    mutationFn: ({ path, seconds, inline }: Wanted) =>
      unwrap(
        api.POST('/api/v1/files/{path}/link', {
          params: { path: { path } },
          body: { expires_in: seconds, disposition: inline ? 'inline' : 'attachment' },
          pathSerializer: withFilePath,
        }),
      ),
  });
}
