import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { Collection } from '@/shared/api/types';
import { unlessDefault } from '@/shared/lib/list-search';
import type { ColumnLayout } from './column-layout';
import { type GridMode, modes, type SavedView } from './saved-views';
import { readSort, type SortKey, writeSort } from './sort-order';
import { useStored } from './use-stored';
import { DEFAULT_SORT, searched } from './wanted-order';

const route = getRouteApi('/frame/collections/$name/records');
const DEFAULT_SIZE = 25;

/** What of the grid stands in the address, and the ways to change it. Other parts begin at the first page again. */
export function useGridAddress({ name, schema }: Collection, setLayout: (layout: ColumnLayout) => void) {
  const given = route.useSearch();
  const { page = 1, size = DEFAULT_SIZE, filter = '', q = '', record } = given;
  const navigate = useNavigate({ from: '/collections/$name/records' });
  const { search, sort } = searched(schema, q, given.sort);
  const [remembered, remember] = useStored<GridMode>(
    'mode',
    name,
    (value) => modes.find((mode) => mode === value) ?? 'pages',
  );
  const mode = given.mode ?? remembered;
  useEffect(() => {
    // The address says it, so that a link shows the same to others.
    if (given.mode === undefined && remembered !== 'pages') {
      void navigate({ search: (old) => ({ ...old, mode: remembered }), replace: true });
    }
  }, [given.mode, remembered, navigate]);

  return {
    page,
    size,
    filter,
    q,
    search,
    sort,
    mode,
    record,
    /** What a saved view keeps of it; the order only where it was chosen. */
    chosenSort: given.sort ?? '',
    setPage: (next: { page: number; size: number }) =>
      void navigate({
        search: (old) => ({
          ...old,
          page: unlessDefault(next.page, 1),
          size: unlessDefault(next.size, DEFAULT_SIZE),
        }),
      }),
    setFilter: (next: string) =>
      void navigate({ search: (old) => ({ ...old, filter: next || undefined, page: undefined }) }),
    setQuery: (next: string) =>
      void navigate({ search: (old) => ({ ...old, q: next || undefined, page: undefined }), replace: true }),
    clear: () => void navigate({ search: (old) => ({ ...old, filter: undefined, q: undefined, page: undefined }) }),
    order: readSort(sort),
    setOrder: (order: SortKey[]) => {
      const next = writeSort(order) || undefined;
      void navigate({
        search: (old) => ({ ...old, sort: search ? next : unlessDefault(next, DEFAULT_SORT), page: undefined }),
      });
    },
    setMode: (next: GridMode) => {
      remember(next);
      void navigate({ search: (old) => ({ ...old, mode: next, page: undefined }) });
    },
    apply: (view: Omit<SavedView, 'name'>) => {
      setLayout(view.layout);
      remember(view.mode);
      void navigate({
        search: (old) => ({
          ...old,
          filter: view.filter || undefined,
          sort: view.sort || undefined,
          mode: view.mode,
          q: undefined,
          page: undefined,
        }),
      });
    },
  };
}

export type GridAddress = ReturnType<typeof useGridAddress>;
