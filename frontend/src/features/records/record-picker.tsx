import { useQuery } from '@tanstack/react-query';
import { ChevronsUpDown, X } from 'lucide-react';
import { Popover } from 'radix-ui';
import { type KeyboardEvent, type Ref, useId, useState } from 'react';
import { ApiError, asApiError } from '@/shared/api/errors';
import type { RecordRow } from '@/shared/api/types';
import { displayField } from '@/shared/collections/field-types';
import { collectionByName } from '@/shared/collections/get-collection-by-name';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { useDebounced } from '@/shared/lib/use-debounced';
import type { ControlProps } from '@/shared/ui/field';
import { recordById } from './api/get-record';
import { targetSearch } from './api/search-targets';
import { shortId } from './cell-value';

interface RecordPickerProps extends ControlProps {
  ref: Ref<HTMLButtonElement>;
  /** Collection the reference points to. */
  collection: string;
  /** Account whose records are offered. */
  accountId: string;
  /** Id of the chosen record; empty for none. */
  value: string;
  onChange: (id: string) => void;
  clearable: boolean;
}

/** Chooses a record of another collection, found by typing a part of its display value. */
export function RecordPicker({
  ref,
  collection,
  accountId,
  value,
  onChange,
  clearable,
  ...control
}: RecordPickerProps) {
  const [open, setOpen] = useState(false);
  const target = useQuery(collectionByName(collection));
  const chosen = useQuery({ ...recordById(collection, value), enabled: value !== '' });
  const display = target.data && displayField(target.data.schema)?.name;
  const label = value === '' ? t('records.pick') : (labelOf(chosen.data, display) ?? shortId(value));

  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <span className="relative block">
        <Popover.Trigger asChild>
          <button
            ref={ref}
            type="button"
            {...control}
            aria-required={undefined}
            aria-invalid={undefined}
            className={cn(
              'flex h-9 w-full items-center gap-2 rounded-lg border border-control bg-surface pr-16 pl-3 text-left shadow-card hover:border-muted',
              control['aria-invalid'] && 'border-danger',
              value === '' && 'text-muted',
            )}
          >
            <span className="truncate">{label}</span>
            <ChevronsUpDown className="absolute right-2.5 size-4 text-muted" aria-hidden />
          </button>
        </Popover.Trigger>
        {clearable && value !== '' && (
          <button
            type="button"
            className="absolute top-1 right-8 grid size-7 place-items-center rounded-md text-muted hover:bg-hover hover:text-foreground"
            aria-label={t('records.clearReference')}
            onClick={() => onChange('')}
          >
            <X className="size-4" aria-hidden />
          </button>
        )}
      </span>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={6}
          collisionPadding={8}
          className="z-[60] w-(--radix-popover-trigger-width) overflow-hidden rounded-xl border bg-surface-raised shadow-pop outline-none"
        >
          {target.data ? (
            <Choices
              collection={collection}
              search={(text) => targetSearch({ collection, schema: target.data.schema, accountId, text })}
              display={display}
              value={value}
              onChoose={(id) => {
                onChange(id);
                setOpen(false);
              }}
            />
          ) : (
            <p className="p-4 text-muted">{target.isError ? asApiError(target.error).message : t('common.loading')}</p>
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function labelOf(record: RecordRow | undefined, display: string | undefined): string | undefined {
  const value = display ? record?.[display] : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

interface ChoicesProps {
  collection: string;
  search: (text: string) => ReturnType<typeof targetSearch>;
  display: string | undefined;
  value: string;
  onChoose: (id: string) => void;
}

function Choices({ collection, search, display, value, onChoose }: ChoicesProps) {
  const [text, setText] = useState('');
  const settled = useDebounced(text.trim());
  const found = useQuery(search(settled));
  const [active, setActive] = useState(0);
  const id = useId();
  const items = found.data ?? [];
  const position = Math.min(active, items.length - 1);
  const failure = found.isError ? asApiError(found.error) : null;

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const next = Math.min(
        Math.max(position + (event.key === 'ArrowDown' ? 1 : -1), 0),
        Math.max(0, items.length - 1),
      );
      setActive(next);
      document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter') {
      // Without this, Enter would submit the form around the picker.
      event.preventDefault();
      const item = items[position];
      if (item) onChoose(item.id);
    }
  }

  return (
    <>
      <input
        className="h-10 w-full border-b bg-transparent px-3.5 outline-none"
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
      <div id={`${id}-list`} role="listbox" aria-label={collection} className="max-h-64 overflow-y-auto p-1.5">
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
          {failure instanceof ApiError
            ? failure.message
            : found.isPending
              ? t('common.loading')
              : t('records.noTargets', { name: collection })}
        </p>
      )}
    </>
  );
}
