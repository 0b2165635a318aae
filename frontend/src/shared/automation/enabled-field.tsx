import { type ComponentProps, useId } from 'react';
import { Switch } from '@/shared/ui/input';

/** The switch at the end of a form. */
export function EnabledField({ label, hint, ...input }: ComponentProps<'input'> & { label: string; hint: string }) {
  const id = useId();
  return (
    <div className="flex items-center gap-3 border-t pt-5">
      <Switch id={id} aria-describedby={`${id}-hint`} {...input} />
      <div className="min-w-0">
        <label htmlFor={id} className="font-medium">
          {label}
        </label>
        <p id={`${id}-hint`} className="text-[0.8125rem] text-muted">
          {hint}
        </p>
      </div>
    </div>
  );
}
