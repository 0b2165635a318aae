import { useRouter } from '@tanstack/react-router';
import { Clock, LoaderCircle, Search } from 'lucide-react';
import { Dialog as Primitive } from 'radix-ui';
import { type KeyboardEvent, useId, useState } from 'react';
import { useCaller } from '@/shared/api/audience';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { type Command, matchingCommands } from './command';
import { readRecent, rememberRecent } from './recent';
import { useCommands } from './use-commands';
import { useFound } from './use-found';

interface CommandPaletteProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onShowShortcuts: () => void;
}

/** Jumps to a page, a collection, a record or a user, and does what can be done from everywhere. */
export function CommandPalette({ open, onOpenChange, onShowShortcuts }: CommandPaletteProps) {
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 bg-black/45 data-[state=open]:animate-in data-[state=open]:fade-in-0" />
        <Primitive.Content
          aria-describedby={undefined}
          className="fixed top-[12vh] left-1/2 z-50 w-[calc(100%-2rem)] max-w-xl -translate-x-1/2 overflow-hidden rounded-2xl border bg-surface-raised shadow-pop outline-none data-[state=open]:animate-in data-[state=open]:fade-in-0 data-[state=open]:zoom-in-95"
        >
          <Primitive.Title className="sr-only">{t('palette.title')}</Primitive.Title>
          <CommandList onClose={() => onOpenChange(false)} onShowShortcuts={onShowShortcuts} />
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

function CommandList({ onClose, onShowShortcuts }: { onClose: () => void; onShowShortcuts: () => void }) {
  const router = useRouter();
  const { user_id: userId } = useCaller();
  const commands = useCommands(onShowShortcuts);
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const id = useId();
  const searched = useFound(query);
  const recent: Command[] = readRecent(userId).map(({ id: place, ...rest }) => ({
    ...rest,
    id: `recent ${place}`,
    group: t('palette.recent'),
    icon: Clock,
  }));
  const found = [...(query.trim() === '' ? recent : []), ...matchingCommands(commands, query), ...searched.commands];
  const position = Math.min(active, found.length - 1);

  function run(command: Command | undefined) {
    if (!command) return;
    onClose();
    if (command.place) {
      const { id: kept, label, place } = command;
      rememberRecent(userId, { id: kept.replace(/^recent /, ''), label, place });
      // The places are written as the routes are, but kept as plain data.
      void router.navigate(place as Parameters<typeof router.navigate>[0]);
    }
    command.run?.();
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      const next = (position + step + found.length) % Math.max(1, found.length);
      setActive(next);
      document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter') {
      event.preventDefault();
      run(found[position]);
    }
  }

  return (
    <>
      <div className="flex items-center gap-3 border-b px-4">
        {searched.busy ? (
          <LoaderCircle className="size-4 shrink-0 animate-spin text-muted" aria-hidden />
        ) : (
          <Search className="size-4 shrink-0 text-muted" aria-hidden />
        )}
        <input
          className="h-12 min-w-0 flex-1 bg-transparent text-base outline-none"
          placeholder={t('palette.placeholder')}
          aria-label={t('palette.placeholder')}
          role="combobox"
          aria-expanded
          aria-controls={`${id}-list`}
          aria-activedescendant={found.length > 0 ? `${id}-${position}` : undefined}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
        />
        <kbd className="rounded border bg-subtle px-1.5 font-mono text-[0.6875rem] text-muted" aria-hidden>
          Esc
        </kbd>
      </div>
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label={t('palette.title')}
        className="max-h-[50vh] overflow-y-auto p-2"
      >
        {found.map((command, index) => {
          const Icon = command.icon;
          const heads = command.group !== found[index - 1]?.group;
          return (
            <div key={command.id} role="presentation">
              {heads && (
                <p className="px-2.5 pt-2 pb-1 text-xs font-medium text-muted" aria-hidden>
                  {command.group}
                </p>
              )}
              {/* The input keeps the focus and handles the keys; the options answer to the pointer. */}
              {/* eslint-disable-next-line jsx-a11y/click-events-have-key-events */}
              <div
                id={`${id}-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={index === position}
                className={cn('flex h-10 items-center gap-3 rounded-lg px-2.5', index === position && 'bg-hover')}
                onPointerMove={() => setActive(index)}
                onClick={() => run(command)}
              >
                <Icon
                  className={cn('size-4 shrink-0', index === position ? 'text-accent' : 'text-muted')}
                  aria-hidden
                />
                <span className="min-w-0 truncate">{command.label}</span>
                {command.note && (
                  <span className="ml-auto max-w-[45%] shrink-0 truncate text-[0.8125rem] text-muted">
                    {command.note}
                  </span>
                )}
              </div>
            </div>
          );
        })}
      </div>
      {found.length === 0 && (
        <p className="px-4 pb-6 text-center text-muted" role="status">
          {searched.busy ? t('common.loading') : t('palette.empty', { query })}
        </p>
      )}
    </>
  );
}
