import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

interface TestMail {
  id: string;
  recipient: string;
  /** `auto` for the one that the server chooses. */
  provider: string;
  variables: Record<string, string>;
}

/** Sends the stored template, filled with the given variables. */
export function useSendTestMail() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: ({ id, recipient, provider, variables }: TestMail) =>
      unwrap(
        api.POST('/api/v1/admin/email/templates/{id}/test', {
          params: { path: { id } },
          body: { recipient_email: recipient, variables, provider },
        }),
      ),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keys.mailLogs }),
  });
}
