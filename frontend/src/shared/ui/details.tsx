import type { ReactNode } from 'react';
import { cn } from '@/shared/lib/cn';

interface Detail {
  label: string;
  value: ReactNode;
  /** Shows the value as it is used by programs. */
  code?: boolean;
}

/** Names and values, one below the other on a phone. */
export function Details({ rows, className }: { rows: Detail[]; className?: string }) {
  return (
    <dl
      className={cn(
        'grid gap-x-4 gap-y-1 rounded-xl border bg-subtle/50 px-4 py-3.5 sm:grid-cols-[8.5rem_1fr] sm:gap-y-2.5',
        className,
      )}
    >
      {rows.map(({ label, value, code }) => (
        <div key={label} className="contents">
          <dt className="text-muted max-sm:mt-1.5">{label}</dt>
          <dd className={cn('min-w-0 break-words', code && 'font-mono text-xs leading-5 break-all')}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
