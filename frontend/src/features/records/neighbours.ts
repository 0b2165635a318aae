import { useQueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { keys } from '@/shared/api/query-keys';

type Page = { items?: { id: string }[] };

/** Ids of a list of records, read page by page or not. */
function idsOf(data: unknown): string[] {
  const { pages, items } = (data ?? {}) as Page & { pages?: Page[] };
  return (pages ?? [{ items }]).flatMap((page) => page.items?.map(({ id }) => id) ?? []);
}

/** The ids before and after one in the list of the collection that the page shows; none at its ends. */
export function useNeighbours(collection: string, id: string): { previous?: string; next?: string } {
  const cache = useQueryClient().getQueryCache();
  const found = useSyncExternalStore(
    (listener) => cache.subscribe(listener),
    () => {
      const shown = cache.findAll({ queryKey: [...keys.records(collection), 'list'], type: 'active' });
      const ids = shown.map((query) => idsOf(query.state.data)).find((list) => list.includes(id)) ?? [];
      const at = ids.indexOf(id);
      // One text, since a new object each time would count as a change.
      return at < 0 ? '|' : `${ids[at - 1] ?? ''}|${ids[at + 1] ?? ''}`;
    },
  );
  const [previous, next] = found.split('|');
  return { previous: previous || undefined, next: next || undefined };
}
