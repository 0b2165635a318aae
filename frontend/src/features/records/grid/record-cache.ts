import { type QueryClient } from '@tanstack/react-query';
import { keys } from '@/shared/api/query-keys';
import type { FieldDefinition, RecordPage, RecordRow } from '@/shared/api/types';
import { recordById } from '../api/get-record';
import type { Walk } from '../api/walk-records';
import { unexpanded } from './record-merge';

/** Changes rows of a collection in whatever lists are kept of it; null takes a row out. */
export function changeRows(
  queryClient: QueryClient,
  collection: string,
  ids: ReadonlySet<string>,
  change: (row: RecordRow) => RecordRow | null,
) {
  const apply = (rows: RecordRow[]) =>
    rows.some(({ id }) => ids.has(id)) ? rows.flatMap((row) => (ids.has(row.id) ? (change(row) ?? []) : [row])) : rows;
  queryClient.setQueriesData<RecordPage>({ queryKey: [...keys.records(collection), 'list'] }, (page) => {
    if (!page) return page;
    const items = apply(page.items);
    if (items === page.items) return page;
    const lost = page.items.length - items.length;
    return { ...page, items, total: page.total === null ? null : page.total - lost };
  });
  queryClient.setQueriesData<Walk>({ queryKey: [...keys.records(collection), 'walk'] }, (walk) => {
    if (!walk) return walk;
    const pages = walk.pages.map((page) => {
      const items = apply(page.items);
      return items === page.items ? page : { ...page, items };
    });
    return pages.every((page, index) => page === walk.pages[index]) ? walk : { ...walk, pages };
  });
}

/** What other pages keep of records is read again when they are shown; the present one is up to date by itself. */
export function markStale(queryClient: QueryClient) {
  void queryClient.invalidateQueries({ queryKey: keys.allRecords, refetchType: 'none' });
}

/** Reads the records that a row's references point to, as far as they are not known, and shows them in it. */
export async function expandRow(
  queryClient: QueryClient,
  collection: string,
  schema: FieldDefinition[],
  record: RecordRow,
) {
  await Promise.all(
    unexpanded(record, schema).map(async ({ field, id }) => {
      const target = await queryClient
        .fetchQuery({ ...recordById(field.collection ?? '', id), staleTime: 60_000 })
        // The id stays in view for what is gone or out of reach.
        .catch(() => null);
      if (!target) return;
      changeRows(queryClient, collection, new Set([record.id]), (row) =>
        row[field.name] === id ? { ...row, [field.name]: target } : row,
      );
    }),
  );
}
