import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { NewMailTemplate } from '@/shared/api/types';

export function useCreateTemplate() {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: NewMailTemplate) => unwrap(api.POST('/api/v1/admin/email/templates', { body })),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.mailTemplates }),
  });
}
