import { ChevronDown, Eye, EyeOff, Search } from 'lucide-react';
import { type ComponentProps, useRef, useState } from 'react';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { useShortcut } from '@/shared/lib/shortcuts';

const control =
  'w-full min-w-0 rounded-lg border border-control bg-surface text-foreground shadow-card transition-[border-color,box-shadow] hover:border-muted focus-visible:border-ring focus-visible:outline-2 focus-visible:outline-offset-0 focus-visible:outline-ring disabled:cursor-not-allowed disabled:bg-subtle disabled:text-muted aria-invalid:border-danger aria-invalid:focus-visible:outline-danger';

export function Input({ className, type, ...props }: ComponentProps<'input'>) {
  return <input type={type ?? 'text'} className={cn(control, 'h-9 px-3 max-sm:text-base', className)} {...props} />;
}

export function Textarea({ className, ...props }: ComponentProps<'textarea'>) {
  return <textarea className={cn(control, 'min-h-20 px-3 py-2 max-sm:text-base', className)} {...props} />;
}

/** The browser's own select: best on phones and with assistive technology. */
export function Select({ className, children, ...props }: ComponentProps<'select'>) {
  return (
    <span className={cn('relative block min-w-0', className)}>
      <select className={cn(control, 'h-9 appearance-none truncate py-0 pr-8 pl-3 max-sm:text-base')} {...props}>
        {children}
      </select>
      <ChevronDown
        className="pointer-events-none absolute top-1/2 right-2.5 size-4 -translate-y-1/2 text-muted"
        aria-hidden
      />
    </span>
  );
}

export function PasswordInput({ className, ...props }: ComponentProps<'input'>) {
  const [shown, setShown] = useState(false);
  return (
    <span className="relative block">
      <Input type={shown ? 'text' : 'password'} className={cn('pr-10', className)} {...props} />
      <button
        type="button"
        className="absolute top-1/2 right-1 grid size-7 -translate-y-1/2 place-items-center rounded-md text-muted hover:bg-hover hover:text-foreground"
        aria-label={shown ? t('common.hidePassword') : t('common.showPassword')}
        aria-pressed={shown}
        onClick={() => setShown(!shown)}
      >
        {shown ? <EyeOff className="size-4" aria-hidden /> : <Eye className="size-4" aria-hidden />}
      </button>
    </span>
  );
}

interface SearchInputProps extends Omit<ComponentProps<'input'>, 'onChange' | 'value'> {
  value: string;
  onChange: (value: string) => void;
  /** Says what is searched. */
  label: string;
}

/** A search box that takes the focus when `/` is pressed. */
export function SearchInput({ value, onChange, label, className, ...props }: SearchInputProps) {
  const input = useRef<HTMLInputElement>(null);
  useShortcut('/', () => input.current?.focus());
  return (
    <span className={cn('relative block', className)}>
      <Search className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-muted" aria-hidden />
      <Input
        ref={input}
        type="search"
        className="pl-9 [&::-webkit-search-cancel-button]:hidden"
        aria-label={label}
        placeholder={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' && value) onChange('');
        }}
        {...props}
      />
      <kbd
        className="pointer-events-none absolute top-1/2 right-2 hidden -translate-y-1/2 rounded border bg-subtle px-1.5 font-mono text-[0.6875rem] text-muted sm:block"
        aria-hidden
      >
        /
      </kbd>
    </span>
  );
}

export function Checkbox({ className, ...props }: ComponentProps<'input'>) {
  return (
    <input
      type="checkbox"
      className={cn(
        'size-4 shrink-0 appearance-none rounded-[0.3125rem] border border-control bg-surface bg-center bg-no-repeat checked:border-accent checked:bg-accent checked:bg-[url(/check.svg)] disabled:opacity-50 dark:checked:bg-[url(/check-dark.svg)]',
        className,
      )}
      {...props}
    />
  );
}

export function Switch({ className, ...props }: ComponentProps<'input'>) {
  return (
    <input
      type="checkbox"
      role="switch"
      className={cn(
        'relative h-5 w-9 shrink-0 appearance-none rounded-full bg-control transition-colors before:absolute before:top-0.5 before:left-0.5 before:size-4 before:rounded-full before:bg-white before:shadow-sm before:transition-transform checked:bg-accent checked:before:translate-x-4 disabled:opacity-50 dark:checked:before:bg-background',
        className,
      )}
      {...props}
    />
  );
}
