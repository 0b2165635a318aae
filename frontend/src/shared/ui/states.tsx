import { CloudOff, type LucideIcon, RotateCw } from 'lucide-react';
import type { ReactNode } from 'react';
import { asApiError } from '@/shared/api/errors';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { Button } from './button';
import { Reference } from './reference';

export function Skeleton({ className }: { className?: string }) {
  return <span className={cn('block animate-pulse rounded-md bg-hover', className)} aria-hidden />;
}

interface EmptyStateProps {
  icon: LucideIcon;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  className?: string;
}

/** Stands where data would be, says why there is none and what to do next. */
export function EmptyState({ icon: Icon, title, children, actions, className }: EmptyStateProps) {
  return (
    <div className={cn('flex flex-col items-center px-6 py-14 text-center', className)}>
      <span className="mb-4 grid size-12 place-items-center rounded-2xl bg-accent-subtle text-accent">
        <Icon className="size-6" aria-hidden />
      </span>
      <h2 className="text-base font-semibold">{title}</h2>
      {children && <div className="mt-1.5 max-w-md text-pretty text-muted">{children}</div>}
      {actions && <div className="mt-5 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}

/** Stands where data would be when loading it failed. */
export function ErrorState({
  error,
  onRetry,
  title,
  className,
}: {
  error: unknown;
  onRetry?: () => void;
  title?: string;
  className?: string;
}) {
  const { message, correlationId } = asApiError(error);
  return (
    <div role="alert" className={cn('flex flex-col items-center px-6 py-14 text-center', className)}>
      <span className="mb-4 grid size-12 place-items-center rounded-2xl bg-danger-subtle text-danger">
        <CloudOff className="size-6" aria-hidden />
      </span>
      <h2 className="text-base font-semibold">{title ?? t('error.loadTitle')}</h2>
      <p className="mt-1.5 max-w-md break-words text-muted">{message}</p>
      {correlationId && <Reference className="mt-2 justify-center text-muted" id={correlationId} />}
      {onRetry && (
        <Button className="mt-5" onClick={onRetry}>
          <RotateCw aria-hidden />
          {t('common.retry')}
        </Button>
      )}
    </div>
  );
}
