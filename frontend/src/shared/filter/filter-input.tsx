import { ListFilter, X } from 'lucide-react';
import { Popover } from 'radix-ui';
import { type KeyboardEvent, type Ref, useId, useImperativeHandle, useLayoutEffect, useRef, useState } from 'react';
import { FieldIcon } from '@/shared/collections/field-icon';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { Input } from '@/shared/ui/input';
import { completions, nameAt } from './completion';
import type { FilterField } from './fields';

interface FilterInputProps {
  ref: Ref<HTMLInputElement>;
  text: string;
  onTextChange: (text: string) => void;
  fields: FilterField[];
  onFocus: () => void;
  /** Whether a filter is applied. */
  applied: boolean;
  onClear: () => void;
  /** Id of the text that tells what is wrong. */
  errorId?: string;
}

/** The filter as text; names of fields are offered while they are typed. */
export function FilterInput({ ref, text, onTextChange, fields, onFocus, applied, onClear, errorId }: FilterInputProps) {
  const input = useRef<HTMLInputElement>(null);
  useImperativeHandle(ref, () => input.current as HTMLInputElement);
  const id = useId();
  const [cursor, setCursor] = useState<number | null>(null);
  const [active, setActive] = useState(-1);
  const caret = useRef<number | null>(null);
  const name = cursor === null ? null : nameAt(text, cursor);
  const offered = name ? completions(fields, name.text) : [];
  const open = offered.length > 0;

  // After a completion the cursor stands behind the name.
  useLayoutEffect(() => {
    if (caret.current === null) return;
    input.current?.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  });

  function complete(field: FilterField | undefined) {
    if (!field || !name || cursor === null) return;
    const rest = text.slice(cursor);
    const space = rest.startsWith(' ') ? '' : ' ';
    caret.current = name.start + field.path.length + 1;
    onTextChange(text.slice(0, name.start) + field.path + space + rest);
    close();
  }

  function close() {
    setCursor(null);
    setActive(-1);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (!open) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setActive((Math.max(active, step > 0 ? -1 : 0) + step + offered.length) % offered.length);
    } else if (event.key === 'Enter' && active >= 0) {
      event.preventDefault();
      complete(offered[active]);
    } else if (event.key === 'Tab' && active >= 0) {
      event.preventDefault();
      complete(offered[active]);
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      close();
    }
  }

  return (
    <Popover.Root open={open} onOpenChange={(next) => !next && close()}>
      <span className="relative min-w-0 flex-1">
        <ListFilter
          className={cn(
            'pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2',
            applied ? 'text-accent' : 'text-muted',
          )}
          aria-hidden
        />
        <Popover.Anchor asChild>
          <Input
            ref={input}
            role="combobox"
            aria-expanded={open}
            aria-controls={open ? `${id}-list` : undefined}
            aria-activedescendant={open && active >= 0 ? `${id}-${active}` : undefined}
            aria-autocomplete="list"
            className={cn('pr-9 pl-9', text && 'font-mono text-[0.8125rem]')}
            placeholder={t('filter.placeholder')}
            aria-label={t('filter.label')}
            aria-invalid={errorId ? true : undefined}
            aria-describedby={errorId}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            value={text}
            onFocus={onFocus}
            onBlur={close}
            onChange={(event) => {
              onTextChange(event.target.value);
              setCursor(event.target.selectionStart);
              setActive(-1);
            }}
            onKeyDown={onKeyDown}
          />
        </Popover.Anchor>
        {(text || applied) && (
          <button
            type="button"
            className="absolute top-1/2 right-1 grid size-7 -translate-y-1/2 place-items-center rounded-md text-muted hover:bg-hover hover:text-foreground"
            aria-label={t('filter.clear')}
            onClick={() => {
              onClear();
              input.current?.focus();
            }}
          >
            <X className="size-4" aria-hidden />
          </button>
        )}
        <Popover.Portal>
          <Popover.Content
            align="start"
            sideOffset={4}
            collisionPadding={8}
            aria-label={t('filter.suggestions')}
            onOpenAutoFocus={(event) => event.preventDefault()}
            onCloseAutoFocus={(event) => event.preventDefault()}
            className="z-40 w-72 max-w-[calc(100vw-1rem)] rounded-xl border bg-surface-raised p-1.5 shadow-pop outline-none"
          >
            <div id={`${id}-list`} role="listbox" aria-label={t('filter.suggestions')}>
              {offered.map((field, index) => (
                // The input keeps the focus and handles the keys; the options answer to the pointer.
                // eslint-disable-next-line jsx-a11y/click-events-have-key-events
                <div
                  key={field.path}
                  id={`${id}-${index}`}
                  role="option"
                  tabIndex={-1}
                  aria-selected={index === active}
                  className={cn(
                    'flex items-center gap-2.5 rounded-md px-2.5 py-1.5 font-mono text-[0.8125rem]',
                    index === active && 'bg-hover',
                  )}
                  onPointerMove={() => setActive(index)}
                  // The focus stays in the input.
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={() => complete(field)}
                >
                  <FieldIcon type={field.type} className="size-4 shrink-0 text-muted" />
                  <span className="truncate">{field.path}</span>
                </div>
              ))}
            </div>
          </Popover.Content>
        </Popover.Portal>
      </span>
    </Popover.Root>
  );
}
