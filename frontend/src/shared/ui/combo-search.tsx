import { type KeyboardEvent, type ReactNode, useId, useState } from 'react';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { Input } from './input';

interface ComboSearchProps<Option> {
  id?: string;
  /** Says what is searched. */
  label: string;
  text: string;
  onTextChange: (text: string) => void;
  options: Option[];
  optionId: (option: Option) => string;
  render: (option: Option) => ReactNode;
  onPick: (option: Option) => void;
  busy?: boolean;
  /** Whether the options are still those of an earlier text: Enter picks none of them. */
  stale?: boolean;
  /** What stands for no options. */
  empty: string;
  disabled?: boolean;
}

/** A text box that lists what it finds below itself; arrows and Enter pick, Esc closes the list. */
export function ComboSearch<Option>(props: ComboSearchProps<Option>) {
  const {
    id: inputId,
    label,
    text,
    onTextChange,
    options,
    optionId,
    render,
    onPick,
    busy,
    stale,
    empty,
    disabled,
  } = props;
  const id = useId();
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(0);
  const position = Math.min(active, options.length - 1);

  function pick(option: Option | undefined) {
    if (!option) return;
    onPick(option);
    setOpen(false);
    setActive(0);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setOpen(true);
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setActive((position + step + options.length) % Math.max(1, options.length));
    } else if (event.key === 'Enter' && open) {
      event.preventDefault();
      if (!stale) pick(options[position]);
    } else if (event.key === 'Escape' && open) {
      // The dialog around it stays.
      event.stopPropagation();
      event.nativeEvent.stopImmediatePropagation();
      setOpen(false);
    }
  }

  return (
    <div className="relative" onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && setOpen(false)}>
      <Input
        id={inputId}
        role="combobox"
        aria-label={label}
        placeholder={label}
        aria-expanded={open}
        aria-controls={open ? `${id}-list` : undefined}
        aria-activedescendant={open && options.length > 0 ? `${id}-${position}` : undefined}
        autoComplete="off"
        disabled={disabled}
        value={text}
        onFocus={() => setOpen(true)}
        onChange={(event) => {
          onTextChange(event.target.value);
          setOpen(true);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      {open && (
        <div className="absolute inset-x-0 top-full z-20 mt-1 max-h-56 overflow-y-auto rounded-xl border bg-surface-raised p-1.5 shadow-pop">
          <div id={`${id}-list`} role="listbox" aria-label={label}>
            {options.map((option, index) => (
              // The input keeps the focus and handles the keys; the options answer to the pointer.
              // eslint-disable-next-line jsx-a11y/click-events-have-key-events
              <div
                key={optionId(option)}
                id={`${id}-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={index === position}
                className={cn(
                  'flex min-h-9 items-center gap-2 rounded-md px-2.5 py-1.5',
                  index === position && 'bg-hover',
                )}
                onPointerMove={() => setActive(index)}
                onClick={() => pick(option)}
              >
                {render(option)}
              </div>
            ))}
          </div>
          {options.length === 0 && (
            <p className="px-2.5 py-2 text-muted" role="status">
              {busy ? t('common.loading') : empty}
            </p>
          )}
        </div>
      )}
    </div>
  );
}
