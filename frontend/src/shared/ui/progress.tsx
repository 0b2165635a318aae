import { cn } from '@/shared/lib/cn';

interface ProgressProps {
  label: string;
  /** From 0 to 1; absent while it is not known. */
  share?: number;
  className?: string;
}

/** How far something is. */
export function Progress({ label, share, className }: ProgressProps) {
  const percent = share === undefined ? undefined : Math.floor(Math.round(share * 10_000) / 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      className={cn('h-1.5 min-w-0 overflow-hidden rounded-full bg-hover', className)}
    >
      <div
        className={cn(
          'h-full rounded-full bg-primary transition-[width]',
          percent === undefined && 'w-1/3 animate-pulse',
        )}
        style={percent === undefined ? undefined : { width: `${Math.max(percent, 2)}%` }}
      />
    </div>
  );
}
