import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { Building2, Check, ChevronsUpDown, Search } from 'lucide-react';
import { Popover } from 'radix-ui';
import { type KeyboardEvent, useId, useState } from 'react';
import { useAccountScope } from '@/shared/accounts/account-scope';
import { accountById } from '@/shared/accounts/get-account';
import { accountSearch } from '@/shared/accounts/search-accounts';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { useDebounced } from '@/shared/lib/use-debounced';

/** Takes another account into view, or all for undefined, on the page that is open. */
export function useSwitchAccount(): (account: string | undefined) => void {
  const router = useRouter();
  return (account) => {
    void router.navigate({
      to: '.',
      // Another account has other pages, rows and people.
      search: (old) => ({ ...old, account, page: undefined, user: undefined, record: undefined, group: undefined }),
    });
  };
}

/** The name of the account in view; undefined while all are, or while it is looked up. */
export function useScopeName(): string | undefined {
  const scope = useAccountScope();
  const account = useQuery({ ...accountById(scope ?? ''), enabled: scope !== undefined });
  if (scope === undefined) return undefined;
  return account.isError ? t('scope.unknown') : account.data?.name;
}

/** Chooses the account that the pages show. */
export function AccountSwitcher({ onSwitched }: { onSwitched?: () => void }) {
  const [open, setOpen] = useState(false);
  const scope = useAccountScope();
  const name = useScopeName();
  const shown = scope === undefined ? t('users.allAccounts') : (name ?? t('common.loading'));
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger
        aria-label={t('scope.current', { name: shown })}
        className={cn(
          'flex h-10 w-full shrink-0 items-center gap-2.5 rounded-lg border px-2.5 text-left shadow-card hover:bg-hover',
          scope === undefined ? 'bg-surface' : 'border-accent/40 bg-accent-subtle text-accent',
        )}
      >
        <Building2 className={cn('size-4 shrink-0', scope === undefined && 'text-muted')} aria-hidden />
        <span className="min-w-0 flex-1 truncate font-medium">{shown}</span>
        <ChevronsUpDown className="size-3.5 shrink-0 text-muted" aria-hidden />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="start"
          sideOffset={6}
          collisionPadding={8}
          aria-label={t('scope.title')}
          className="z-50 w-72 max-w-[calc(100vw-1rem)] overflow-hidden rounded-xl border bg-surface-raised shadow-pop outline-none data-[state=open]:animate-in data-[state=open]:fade-in-0"
        >
          <Choices
            onDone={() => {
              setOpen(false);
              onSwitched?.();
            }}
          />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Choices({ onDone }: { onDone: () => void }) {
  const id = useId();
  const scope = useAccountScope();
  const switchTo = useSwitchAccount();
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const wanted = useDebounced(text.trim(), 150);
  const found = useQuery(accountSearch(wanted));
  // Enter must not choose what an earlier text found.
  const stale = wanted !== text.trim() || found.isPlaceholderData;
  const all = { id: undefined, name: t('users.allAccounts'), slug: '' };
  const choices = [...(text.trim() === '' ? [all] : []), ...(found.data ?? [])];
  const position = Math.min(active, choices.length - 1);

  function pick(choice: { id?: string } | undefined) {
    if (!choice) return;
    switchTo(choice.id);
    onDone();
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      const next = (position + step + choices.length) % Math.max(1, choices.length);
      setActive(next);
      document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (!stale) pick(choices[position]);
    }
  }

  return (
    <>
      <div className="flex items-center gap-2.5 border-b px-3">
        <Search className="size-4 shrink-0 text-muted" aria-hidden />
        <input
          className="h-10 min-w-0 flex-1 bg-transparent outline-none max-sm:text-base"
          role="combobox"
          aria-expanded
          aria-controls={`${id}-list`}
          aria-activedescendant={choices.length > 0 ? `${id}-${position}` : undefined}
          aria-label={t('accounts.search')}
          placeholder={t('accounts.search')}
          autoComplete="off"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div id={`${id}-list`} role="listbox" aria-label={t('scope.title')} className="max-h-72 overflow-y-auto p-1.5">
        {choices.map((choice, index) => (
          // The input keeps the focus and handles the keys; the options answer to the pointer.
          // eslint-disable-next-line jsx-a11y/click-events-have-key-events
          <div
            key={choice.id ?? 'all'}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === position}
            className={cn('flex min-h-9 items-center gap-2 rounded-md px-2.5', index === position && 'bg-hover')}
            onPointerMove={() => setActive(index)}
            onClick={() => pick(choice)}
          >
            <span className="min-w-0 flex-1 truncate">{choice.name}</span>
            {choice.slug && <span className="max-w-28 truncate font-mono text-xs text-muted">{choice.slug}</span>}
            {choice.id === scope && <Check className="size-4 shrink-0 text-accent" aria-hidden />}
          </div>
        ))}
      </div>
      {choices.length === 0 && (
        <p className="px-4 pb-4 text-muted" role="status">
          {found.isPending ? t('common.loading') : t('scope.none', { query: text.trim() })}
        </p>
      )}
    </>
  );
}
