import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';

interface Wanted {
  rule: string;
  operation: string;
  names: string[];
}

/** Whether a rule may be saved, or why not. */
export function ruleCheck({ rule, operation, names }: Wanted) {
  return queryOptions({
    queryKey: ['rule-check', operation, rule, names],
    queryFn: async () => {
      const body = { rule, operation, collectionFields: names };
      return (await unwrap(api.POST('/api/v1/rules/validate', { body }))).error;
    },
    staleTime: Infinity,
    gcTime: 60_000,
    retry: false,
  });
}
