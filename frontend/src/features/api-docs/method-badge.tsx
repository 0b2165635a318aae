import { cn } from '@/shared/lib/cn';
import type { Method } from './operations';

const tones: Record<Method, string> = {
  GET: 'bg-info-subtle text-info',
  POST: 'bg-success-subtle text-success',
  PATCH: 'bg-accent-subtle text-accent',
  DELETE: 'bg-danger-subtle text-danger',
};

/** The method of a request. */
export function MethodBadge({ method, className }: { method: Method; className?: string }) {
  return (
    <span
      className={cn(
        'inline-flex h-6 shrink-0 items-center rounded-md px-1.5 font-mono text-xs font-semibold',
        tones[method],
        className,
      )}
    >
      {method}
    </span>
  );
}
