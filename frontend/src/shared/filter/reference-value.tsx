import { useQuery } from '@tanstack/react-query';
import { ChevronsUpDown } from 'lucide-react';
import { Popover } from 'radix-ui';
import { type KeyboardEvent, useId, useState } from 'react';
import type { RecordRow } from '@/shared/api/types';
import { displayField } from '@/shared/collections/field-types';
import { collectionByName } from '@/shared/collections/get-collection-by-name';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { useDebounced } from '@/shared/lib/use-debounced';
import { filterTarget, filterTargets } from './api/find-targets';

interface ReferenceValueProps {
  collection: string;
  /** Id of the record; empty for none. */
  value: string;
  onChange: (id: string) => void;
  label: string;
}

function nameOf(record: RecordRow | undefined, display: string | undefined): string | undefined {
  const value = display ? record?.[display] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A record that a condition is about, of any account, found by a part of its display value. */
export function ReferenceValue({ collection, value, onChange, label }: ReferenceValueProps) {
  const [open, setOpen] = useState(false);
  const target = useQuery(collectionByName(collection));
  const display = target.data && displayField(target.data.schema)?.name;
  const chosen = useQuery({ ...filterTarget(collection, value), enabled: value !== '' });
  const shown = value === '' ? t('filter.pickRecord') : (nameOf(chosen.data, display) ?? value.slice(0, 8));
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger asChild>
        <button
          type="button"
          aria-label={`${label}: ${shown}`}
          className={cn(
            'relative flex h-9 w-full items-center rounded-lg border border-control bg-surface pr-9 pl-3 text-left shadow-card hover:border-muted',
            value === '' && 'text-muted',
          )}
        >
          <span className="truncate">{shown}</span>
          <ChevronsUpDown className="absolute right-2.5 size-4 text-muted" aria-hidden />
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={6}
          collisionPadding={8}
          aria-label={label}
          className="z-[60] w-72 max-w-[calc(100vw-1rem)] overflow-hidden rounded-xl border bg-surface-raised shadow-pop outline-none"
        >
          <Choices
            collection={collection}
            display={display}
            onChoose={(id) => {
              onChange(id);
              setOpen(false);
            }}
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

interface ChoicesProps {
  collection: string;
  display: string | undefined;
  onChoose: (id: string) => void;
}

function Choices({ collection, display, onChoose }: ChoicesProps) {
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const settled = useDebounced(text.trim());
  const found = useQuery(filterTargets(collection, display, settled));
  // Enter must not choose what an earlier text found.
  const stale = settled !== text.trim() || found.isPlaceholderData;
  const id = useId();
  const items = found.data ?? [];
  const position = Math.min(active, items.length - 1);
  const label = t('filter.searchRecords', { name: collection });

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      const next = Math.min(Math.max(position + step, 0), Math.max(0, items.length - 1));
      setActive(next);
      document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter') {
      // Enter would send the form around it.
      event.preventDefault();
      const item = items[position];
      if (item && !stale) onChoose(item.id);
    }
  }

  return (
    <>
      <input
        className="h-10 w-full border-b bg-transparent px-3.5 outline-none max-sm:text-base"
        role="combobox"
        aria-expanded
        aria-controls={`${id}-list`}
        aria-activedescendant={items.length > 0 ? `${id}-${position}` : undefined}
        aria-label={label}
        placeholder={label}
        autoFocus
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id={`${id}-list`} role="listbox" aria-label={collection} className="max-h-56 overflow-y-auto p-1.5">
        {items.map((item, index) => (
          // The input keeps the focus and handles the keys; the options answer to the pointer.
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events
          <div
            key={item.id}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === position}
            className={cn(
              'flex items-center justify-between gap-3 rounded-md px-2.5 py-1.5',
              index === position && 'bg-hover',
            )}
            onPointerMove={() => setActive(index)}
            onClick={() => onChoose(item.id)}
          >
            <span className="truncate">{nameOf(item, display) ?? item.id}</span>
            <span className="font-mono text-xs text-muted">{item.id.slice(0, 8)}</span>
          </div>
        ))}
      </div>
      {items.length === 0 && (
        <p className="px-4 pb-4 text-center text-[0.8125rem] text-muted" role="status">
          {found.isPending ? t('common.loading') : t('filter.noRecords', { name: collection })}
        </p>
      )}
    </>
  );
}
