import type { ComponentProps, ReactNode } from 'react';
import { useEffect } from 'react';
import { cn } from '@/shared/lib/cn';

interface PageProps {
  title: string;
  /** In place of the plain title, above the actions; the title still names the browser tab. */
  heading?: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  /** Bounds the line length, for forms. */
  narrow?: boolean;
}

/** A page inside the frame: its heading, its actions, its content. */
export function Page({ title, heading, description, actions, children, narrow }: PageProps) {
  useEffect(() => {
    document.title = `${title} · SnackBase`;
  }, [title]);
  return (
    <div className={cn('mx-auto w-full px-4 py-6 sm:px-6 lg:px-8 lg:py-8', narrow ? 'max-w-4xl' : 'max-w-[100rem]')}>
      <div className="mb-6 flex flex-wrap items-end justify-between gap-x-6 gap-y-4">
        <div className="min-w-0">
          {heading ?? <h1 className="text-[1.375rem] leading-8 font-semibold">{title}</h1>}
          {description && <p className="mt-1 max-w-2xl text-pretty text-muted">{description}</p>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
      {children}
    </div>
  );
}

/** A bordered surface. */
export function Card({ className, ...props }: ComponentProps<'div'>) {
  return <div className={cn('rounded-xl border bg-surface shadow-card', className)} {...props} />;
}
