import { CircleAlert } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import type { ApiError } from '@/shared/api/errors';
import { cn } from '@/shared/lib/cn';
import { Reference } from './reference';

/** What a control needs to be tied to its label, hint and error. */
export interface ControlProps {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
  'aria-required': true | undefined;
}

interface FieldProps {
  label: ReactNode;
  error?: string;
  hint?: ReactNode;
  required?: boolean;
  className?: string;
  /** Keeps the label for assistive technology only. */
  labelHidden?: boolean;
  children: (control: ControlProps) => ReactNode;
}

/** A labelled control with its hint and its error. */
export function Field({ label, error, hint, required, className, labelHidden, children }: FieldProps) {
  const id = useId();
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return (
    <div className={cn('min-w-0', className)}>
      <label
        // Controls that are no inputs of the browser's name themselves by it.
        id={`${id}-label`}
        htmlFor={id}
        className={cn('mb-1.5 flex items-baseline gap-1.5 font-medium', labelHidden && 'sr-only')}
      >
        {label}
        {required && (
          <span className="text-danger" aria-hidden>
            *
          </span>
        )}
      </label>
      {children({
        id,
        'aria-describedby': described || undefined,
        'aria-invalid': error ? true : undefined,
        'aria-required': required || undefined,
      })}
      {hint && (
        <div id={`${id}-hint`} className="mt-1.5 text-[0.8125rem] text-muted">
          {hint}
        </div>
      )}
      {error && (
        <p id={`${id}-error`} className="mt-1.5 text-[0.8125rem] text-danger" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

/** The part of a refusal that belongs to no single field. */
export function FormError({ message, error }: { message?: string | null; error?: ApiError | null }) {
  if (!message) return null;
  return (
    <div
      role="alert"
      className="flex gap-2.5 rounded-lg border border-danger/30 bg-danger-subtle px-3 py-2.5 text-danger"
    >
      <CircleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
      <div className="min-w-0 break-words">
        <p>{message}</p>
        {error?.correlationId && error.status >= 500 && <Reference className="mt-1" id={error.correlationId} />}
      </div>
    </div>
  );
}
