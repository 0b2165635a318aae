import { type InfiniteData, infiniteQueryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/shared/api/client';
import { keys } from '@/shared/api/query-keys';
import type { RecordRow, RecordWalk } from '@/shared/api/types';
import { listQuery, type WantedRecords } from './list-records';

export const WALK_PAGE = 100;
/** As many pages are kept; the farthest is given up for the next one, so that memory stays bounded. */
export const KEPT_PAGES = 10;

/** Where a page begins. */
interface Place {
  /** The page after the record of this cursor; empty: from the beginning. */
  cursor?: string;
  /** The page right before it. */
  before?: string;
  /** How many records come before the page. */
  start: number;
}

export interface WalkPage {
  items: RecordRow[];
  start: number;
  next: string | null;
  previous: string | null;
  /** Whether there are records after these. */
  more: boolean;
}

const countOf = (pages: WalkPage[]) => pages.reduce((count, page) => count + page.items.length, 0);

/** The place after the last of the loaded pages; undefined at the end. */
export function placeAfter(pages: WalkPage[]): Place | undefined {
  const last = pages.at(-1);
  if (!last?.more || last.next === null) return undefined;
  return { cursor: last.next, start: (pages[0]?.start ?? 0) + countOf(pages) };
}

/** The place before the first of the loaded pages; undefined at the beginning. */
export function placeBefore(pages: WalkPage[]): Place | undefined {
  const first = pages[0];
  if (!first || first.start === 0 || first.previous === null) return undefined;
  return { before: first.previous, start: Math.max(0, first.start - WALK_PAGE) };
}

/** A collection's records from page to page, in either direction. */
export function recordWalk({ collection, ...wanted }: WantedRecords) {
  const { sort, filter, expand, search = '' } = wanted;
  return infiniteQueryOptions({
    queryKey: [...keys.records(collection), 'walk', { sort, filter, expand, search }],
    queryFn: async ({ pageParam, signal }): Promise<WalkPage> => {
      const place =
        pageParam.before === undefined ? { cursor: pageParam.cursor ?? '' } : { cursor_before: pageParam.before };
      const reply = (await unwrap(
        api.GET('/api/v1/records/{collection}', {
          params: { path: { collection }, query: { limit: WALK_PAGE, ...place, ...listQuery(wanted) } },
          signal,
        }),
      )) as RecordWalk;
      return {
        items: reply.items,
        start: pageParam.start,
        next: reply.next_cursor,
        previous: reply.prev_cursor,
        // Walking back, `has_more` is about what comes before; the page was come from, so there is one after it.
        more: pageParam.before !== undefined || reply.has_more,
      };
    },
    initialPageParam: { start: 0 } as Place,
    getNextPageParam: (_last, pages) => placeAfter(pages),
    getPreviousPageParam: (_first, pages) => placeBefore(pages),
    maxPages: KEPT_PAGES,
    // Coming back to the window would read all loaded pages again.
    refetchOnWindowFocus: false,
  });
}

export type Walk = InfiniteData<WalkPage, Place>;
