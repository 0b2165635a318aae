import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { CollectionRulesUpdate } from '@/shared/api/types';

/** Changes the rules that are given; they count from the next request. */
export function useUpdateRules(name: string) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: (body: CollectionRulesUpdate) =>
      unwrap(api.PUT('/api/v1/collections/{name}/rules', { params: { path: { name } }, body })),
    onSuccess: async (rules) => {
      queryClient.setQueryData(keys.rules(name), rules);
      await queryClient.invalidateQueries({ queryKey: [...keys.collections, 'list'] });
      await queryClient.invalidateQueries({ queryKey: [...keys.collections, 'newest'] });
    },
  });
}
