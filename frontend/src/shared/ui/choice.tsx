import type { LucideIcon } from 'lucide-react';
import { cn } from '@/shared/lib/cn';

interface Option<Value extends string> {
  value: Value;
  label: string;
  icon?: LucideIcon;
  /** Classes of the icon while the option is chosen. */
  iconClass?: string;
}

interface ChoiceProps<Value extends string> {
  /** Stands above the options; absent where a legend around names them. */
  label?: string;
  name: string;
  value: Value;
  onChange: (value: Value) => void;
  options: readonly Option<Value>[];
}

/** One of a few options, side by side. */
export function Choice<Value extends string>({ label, name, value, onChange, options }: ChoiceProps<Value>) {
  const buttons = (
    <div className="flex w-fit max-w-full flex-wrap rounded-lg border bg-subtle p-0.5">
      {options.map(({ value: option, label: text, icon: Icon, iconClass }) => (
        <label
          key={option}
          className={cn(
            'flex h-8 cursor-pointer items-center gap-1.5 rounded-md px-2.5 text-[0.8125rem] font-medium text-muted has-focus-visible:outline-2 has-focus-visible:outline-ring',
            option === value ? 'bg-surface text-foreground shadow-card ring-1 ring-border' : 'hover:text-foreground',
          )}
        >
          <input
            type="radio"
            className="sr-only"
            name={name}
            value={option}
            checked={option === value}
            onChange={() => onChange(option)}
          />
          {Icon && <Icon className={cn('size-3.5 max-[26rem]:hidden', option === value && iconClass)} aria-hidden />}
          {text}
        </label>
      ))}
    </div>
  );
  if (label === undefined) return buttons;
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 font-medium">{label}</legend>
      {buttons}
    </fieldset>
  );
}
