import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';

/** What is asked of the records of a collection. */
export interface AggregateQuery {
  functions: string;
  group_by?: string;
  filter?: string;
  having?: string;
}

/** The parameters, without those that ask for nothing. */
export function aggregateQuery(wanted: {
  functions: string[];
  groups: string[];
  filter: string;
  having: string;
}): AggregateQuery {
  const { functions, groups, filter, having } = wanted;
  return {
    functions: functions.join(','),
    ...(groups.length > 0 && { group_by: groups.join(',') }),
    ...(filter.trim() !== '' && { filter }),
    ...(having.trim() !== '' && { having }),
  };
}

/** Results over the records of a collection, for each group. */
export function aggregate(collection: string, query: AggregateQuery) {
  return queryOptions({
    queryKey: [...keys.records(collection), 'aggregate', query],
    queryFn: () =>
      unwrap(api.GET('/api/v1/records/{collection}/aggregate', { params: { path: { collection }, query } })),
    placeholderData: keepPreviousData,
  });
}
