import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { RecordRow } from '@/shared/api/types';
import { recordList, type WantedRecords } from '../api/list-records';
import { KEPT_PAGES, recordWalk, WALK_PAGE } from '../api/walk-records';
import type { GridMode } from './saved-views';

interface Wanted extends WantedRecords {
  mode: GridMode;
  page: number;
  size: number;
}

/** The rows of the grid, whichever way they are loaded. */
export interface GridRows {
  rows: RecordRow[];
  /** How many rows of the list come before these and are not kept; room is left for them. */
  start: number;
  /** The place of the first of these rows in the whole list, from 0. */
  place: number;
  /** How many there are in all, as far as known. */
  total: number | null;
  more: boolean;
  isPending: boolean;
  error: unknown;
  /** Whether these rows are about to be replaced by those of another page or filter. */
  stale: boolean;
  /** Whether the shown rows are being read anew. */
  reading: boolean;
  /** Why further rows could not be loaded. */
  moreError: unknown;
  refresh: () => void;
  /** Loads what is missing around the rows in view. */
  need: (first: number, last: number) => void;
  retryMore: () => void;
}

/** Rows before the end of what is loaded at which more is fetched. */
const AHEAD = 40;

export function useGridRows({ mode, page, size, ...wanted }: Wanted): GridRows {
  const queryClient = useQueryClient();
  const list = useQuery({ ...recordList({ ...wanted, page, size }), enabled: mode === 'pages' });
  const walking = recordWalk(wanted);
  const walk = useInfiniteQuery({ ...walking, enabled: mode === 'scroll' });
  const walked = useMemo(() => walk.data?.pages.flatMap(({ items }) => items) ?? [], [walk.data]);

  if (mode === 'pages') {
    const rows = list.data?.items ?? [];
    return {
      rows,
      start: 0,
      place: (page - 1) * size,
      total: list.data?.total ?? null,
      more: false,
      isPending: list.isPending,
      error: list.error,
      stale: list.isPlaceholderData,
      reading: list.isFetching,
      moreError: null,
      refresh: () => void list.refetch(),
      need: () => undefined,
      retryMore: () => undefined,
    };
  }

  const start = walk.data?.pages[0]?.start ?? 0;
  const end = start + walked.length;
  const busy = walk.isFetching;
  return {
    rows: walked,
    start,
    place: start,
    total: walk.hasNextPage ? null : end,
    more: walk.hasNextPage,
    isPending: walk.isPending,
    error: walk.data ? null : walk.error,
    stale: false,
    reading: busy && !walk.isFetchingNextPage && !walk.isFetchingPreviousPage,
    moreError: walk.data ? walk.error : null,
    refresh: () => void walk.refetch(),
    need: (first, last) => {
      if (busy || walk.isError) return;
      // Too far above for going back page by page: begin anew.
      if (first + KEPT_PAGES * WALK_PAGE < start) void queryClient.resetQueries({ queryKey: walking.queryKey });
      else if (first < start + AHEAD && walk.hasPreviousPage) void walk.fetchPreviousPage();
      else if (last >= end - AHEAD && walk.hasNextPage) void walk.fetchNextPage();
    },
    retryMore: () => void (walk.isFetchPreviousPageError ? walk.fetchPreviousPage() : walk.fetchNextPage()),
  };
}
