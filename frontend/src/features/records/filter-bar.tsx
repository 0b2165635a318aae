import { ListFilter, X } from 'lucide-react';
import { useId, useRef, useState } from 'react';
import type { ApiError } from '@/shared/api/errors';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { useShortcut } from '@/shared/lib/shortcuts';
import { Button } from '@/shared/ui/button';
import { Input } from '@/shared/ui/input';

interface FilterBarProps {
  /** The filter that is applied now. */
  applied: string;
  onApply: (filter: string) => void;
  /** Why the server refused the applied filter. */
  error: ApiError | null;
  /** Whether `/` leads here; not where a search box takes it. */
  shortcut?: boolean;
}

/** The filter expression as text, with what the server says about it. */
export function FilterBar({ applied, onApply, error, shortcut = true }: FilterBarProps) {
  const [text, setText] = useState(applied);
  const [seen, setSeen] = useState(applied);
  if (applied !== seen) {
    setSeen(applied);
    setText(applied);
  }
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  useShortcut('/', () => input.current?.focus(), shortcut);

  return (
    <form
      role="search"
      className="p-3"
      onSubmit={(event) => {
        event.preventDefault();
        onApply(text.trim());
      }}
    >
      <div className="flex gap-2">
        <span className="relative min-w-0 flex-1">
          <ListFilter
            className={cn(
              'pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2',
              applied ? 'text-accent' : 'text-muted',
            )}
            aria-hidden
          />
          <Input
            ref={input}
            className={cn('pr-9 pl-9', text && 'font-mono text-[0.8125rem]')}
            placeholder={t('records.filterPlaceholder')}
            aria-label={t('records.filter')}
            aria-invalid={error ? true : undefined}
            aria-describedby={error ? `${id}-error` : undefined}
            autoComplete="off"
            spellCheck={false}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          {(text || applied) && (
            <button
              type="button"
              className="absolute top-1/2 right-1 grid size-7 -translate-y-1/2 place-items-center rounded-md text-muted hover:bg-hover hover:text-foreground"
              aria-label={t('records.clearFilter')}
              onClick={() => {
                setText('');
                onApply('');
                input.current?.focus();
              }}
            >
              <X className="size-4" aria-hidden />
            </button>
          )}
        </span>
        <Button type="submit">{t('records.applyFilter')}</Button>
      </div>
      {error && (
        <p id={`${id}-error`} role="alert" className="mt-2 px-1 text-[0.8125rem] break-words text-danger">
          {error.message}
        </p>
      )}
    </form>
  );
}
