import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import { withFilePath } from '@/shared/files/file-path';

/** Deletes a file for good. */
export function useDeleteFile() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (path: string) =>
      unwrap(api.DELETE('/api/v1/files/{path}', { params: { path: { path } }, pathSerializer: withFilePath })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.fileLists }),
  });
}
