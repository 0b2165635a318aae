import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { type KeyboardEvent, type UIEvent, useId, useState } from 'react';
import { asApiError } from '@/shared/api/errors';
import type { RecordRow } from '@/shared/api/types';
import { formatNumber, t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { useDebounced } from '@/shared/lib/use-debounced';
import type { targetSearch } from './api/search-targets';
import { shortId } from './cell-value';

/** What a record is called; undefined when it has no name. */
export function labelOf(record: RecordRow | undefined, display: string | undefined): string | undefined {
  const value = display ? record?.[display] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

interface TargetChoicesProps {
  collection: string;
  search: (text: string) => ReturnType<typeof targetSearch>;
  display: string | undefined;
  value: string;
  onChoose: (id: string) => void;
}

/** From here to the end of the list the next records are asked for. */
const AHEAD = 5;
const AHEAD_PIXELS = 120;

/** The records that a reference may point to: searched by the server, read on while one goes down the list. */
export function TargetChoices({ collection, search, display, value, onChoose }: TargetChoicesProps) {
  const [text, setText] = useState('');
  const settled = useDebounced(text.trim());
  const found = useInfiniteQuery(search(settled));
  // Enter must not choose what an earlier text found.
  const stale = settled !== text.trim() || found.isPlaceholderData;
  const [active, setActive] = useState(0);
  const id = useId();
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  const total = found.data?.pages.at(-1)?.total ?? items.length;
  const position = Math.min(active, items.length - 1);

  function readOn() {
    if (found.hasNextPage && !found.isFetching) void found.fetchNextPage();
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      const next = Math.max(Math.min(position + step, items.length - 1), 0);
      setActive(next);
      document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: 'nearest' });
      if (next >= items.length - AHEAD) readOn();
    } else if (event.key === 'Enter') {
      // Without this, Enter would submit the form around the picker.
      event.preventDefault();
      const item = items[position];
      if (item && !stale) onChoose(item.id);
    }
  }

  function onScroll({ currentTarget: box }: UIEvent<HTMLElement>) {
    if (box.scrollTop + box.clientHeight > box.scrollHeight - AHEAD_PIXELS) readOn();
  }

  return (
    <>
      <input
        className="h-10 w-full border-b bg-transparent px-3.5 outline-none max-sm:text-base"
        role="combobox"
        aria-expanded
        aria-controls={`${id}-list`}
        aria-activedescendant={items.length > 0 ? `${id}-${position}` : undefined}
        aria-label={t('records.searchIn', { name: collection })}
        placeholder={t('records.searchIn', { name: collection })}
        autoFocus
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label={collection}
        className={cn('max-h-64 overflow-y-auto p-1.5', found.isPlaceholderData && 'opacity-60')}
        onScroll={onScroll}
      >
        {items.map((item, index) => (
          // The input keeps the focus and handles the keys; the options answer to the pointer.
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events
          <div
            key={item.id}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={item.id === value}
            className={cn(
              'flex items-center justify-between gap-3 rounded-md px-2.5 py-1.5',
              index === position && 'bg-hover',
              item.id === value && 'font-medium text-accent',
            )}
            onPointerMove={() => setActive(index)}
            onClick={() => onChoose(item.id)}
          >
            <span className="truncate">{labelOf(item, display) ?? t('records.unnamed')}</span>
            <span className="font-mono text-xs text-muted">{shortId(item.id)}</span>
          </div>
        ))}
      </div>
      {items.length === 0 && (
        <p className="px-4 pb-4 text-center text-[0.8125rem] text-muted" role="status">
          {found.isError
            ? asApiError(found.error).message
            : found.isPending
              ? t('common.loading')
              : t('records.noTargets', { name: collection })}
        </p>
      )}
      <div className="flex items-center justify-between gap-3 border-t bg-subtle/60 px-3.5 py-1.5 text-[0.8125rem]">
        <span className="text-muted tabular-nums" role="status">
          {items.length > 0 && t('picker.shown', { count: formatNumber(items.length), total: formatNumber(total) })}
        </span>
        {/* In another tab, so that what is entered here stays. */}
        <Link
          to="/collections/$name/records"
          params={{ name: collection }}
          search={{ record: 'new' }}
          target="_blank"
          className="flex h-7 min-w-0 items-center gap-1.5 rounded text-accent hover:underline"
        >
          <Plus className="size-3.5 shrink-0" aria-hidden />
          <span className="truncate">{t('picker.create', { name: collection })}</span>
        </Link>
      </div>
    </>
  );
}
