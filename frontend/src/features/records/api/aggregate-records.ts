import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

interface Wanted {
  collection: string;
  filter: string;
  search: string;
  /** Number fields. */
  fields: string[];
}

export const sums = ['sum', 'avg', 'min', 'max'] as const;

export interface Summary {
  count: number;
  fields: { name: string; values: Record<(typeof sums)[number], number | null> }[];
}

/** Fields whose four functions fit into a call, which takes 20 of them, beside the count. */
const FIELDS_A_CALL = 4;

/** Count of the records, and sum, average, lowest and highest of number fields. */
export function recordSummary({ collection, filter, search, fields }: Wanted) {
  return queryOptions({
    queryKey: [...keys.records(collection), 'summary', { filter, search, fields }],
    queryFn: async ({ signal }): Promise<Summary> => {
      const calls = Array.from({ length: Math.max(1, Math.ceil(fields.length / FIELDS_A_CALL)) }, (_, call) =>
        fields.slice(call * FIELDS_A_CALL, (call + 1) * FIELDS_A_CALL),
      );
      const replies = await Promise.all(
        calls.map((names) => {
          const functions = ['count()', ...names.flatMap((name) => sums.map((sum) => `${sum}(${name})`))].join(',');
          const query = { functions, ...(filter && { filter }), ...(search && { search }) };
          return unwrap(
            api.GET('/api/v1/records/{collection}/aggregate', { params: { path: { collection }, query }, signal }),
          );
        }),
      );
      const results: Record<string, unknown> = Object.assign({}, ...replies.map((reply) => reply.results[0]));
      const number = (key: string) => (typeof results[key] === 'number' ? results[key] : null);
      return {
        count: number('count') ?? 0,
        fields: fields.map((name) => ({
          name,
          values: {
            sum: number(`sum_${name}`),
            avg: number(`avg_${name}`),
            min: number(`min_${name}`),
            max: number(`max_${name}`),
          },
        })),
      };
    },
    placeholderData: (previous, query) => (query?.queryKey[1] === collection ? keepPreviousData(previous) : undefined),
  });
}
