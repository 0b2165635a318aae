import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import type { FieldInput } from '@/shared/api/types';

interface Wanted {
  schema: FieldInput[];
  expression: string;
  /** Values of the fields that the expression uses. */
  record: Record<string, unknown>;
}

/** What an expression gives for a record. */
export interface ComputedSample {
  type: string;
  value: unknown;
}

type Reply = Promise<{ data?: ComputedSample; error?: unknown; response: Response }>;
const post = api.POST as unknown as (path: string, init: { body: Wanted }) => Reply;

/** Has the server compute an expression over values of one's own; nothing is stored. */
export function computedSample(body: Wanted) {
  return queryOptions({
    queryKey: ['computed-sample', body],
    queryFn: () => unwrap(post('/api/v1/rules/compute', { body })),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: 60_000,
    retry: false,
  });
}
