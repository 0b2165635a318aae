import { useMutation } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import type { RuleTest } from '@/shared/api/types';

/** Has the server judge a caller and a record by a rule, as a request would; nothing is changed. */
export function useTestRule(name: string) {
  return useMutation({
    mutationFn: (body: RuleTest) =>
      unwrap(api.POST('/api/v1/collections/{name}/rules/test', { params: { path: { name } }, body })),
  });
}
