import { Link } from '@tanstack/react-router';
import { ArrowLeft, CircleCheck, LinkIcon, MailCheck } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { LanguageChoice } from './language-choice';
import { Logo } from './logo';
import { Skeleton } from './states';

/** The frame of pages shown before anybody is signed in. */
export function EntryFrame({
  title,
  lead,
  icon,
  children,
}: {
  title: string;
  lead: ReactNode;
  icon?: ReactNode;
  children: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} · SnackBase`;
  }, [title]);
  return (
    <div className="grid min-h-dvh lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
      <main className="flex flex-col px-5 py-6 sm:px-10">
        <div className="flex items-center justify-between gap-4">
          <Logo />
          <LanguageChoice className="w-32" />
        </div>
        <div className="mx-auto flex w-full max-w-[26rem] flex-1 flex-col justify-center py-10">
          {icon}
          <h1 className="text-2xl leading-8 font-semibold">{title}</h1>
          <p className="mt-1.5 mb-7 text-pretty text-muted">{lead}</p>
          {children}
        </div>
      </main>
      <aside className="relative hidden overflow-hidden border-l bg-sidebar lg:block" aria-hidden>
        <Illustration />
        <p className="absolute inset-x-0 bottom-14 px-16 text-center text-lg font-medium text-balance text-muted">
          {t('entry.motto')}
        </p>
      </aside>
    </div>
  );
}

const notices = {
  done: { icon: CircleCheck, className: 'bg-success-subtle text-success' },
  mail: { icon: MailCheck, className: 'bg-accent-subtle text-accent' },
  failed: { icon: LinkIcon, className: 'bg-danger-subtle text-danger' },
} as const;

interface EntryNoticeProps {
  tone: keyof typeof notices;
  title: string;
  text: string;
  children: ReactNode;
}

/** The outcome of a page shown before anybody is signed in. */
export function EntryNotice({ tone, title, text, children }: EntryNoticeProps) {
  const { icon: Icon, className } = notices[tone];
  return (
    <EntryFrame
      title={title}
      lead={<span role="status">{text}</span>}
      icon={
        <span className={cn('mb-5 grid size-12 place-items-center rounded-2xl', className)}>
          <Icon className="size-6" aria-hidden />
        </span>
      }
    >
      {children}
    </EntryFrame>
  );
}

/** Stands in the place of a form while the server is asked. */
export function EntryPending() {
  return (
    <div className="space-y-5" role="status" aria-label={t('common.loading')}>
      <Skeleton className="h-9 w-full" />
      <Skeleton className="h-9 w-full" />
      <Skeleton className="h-11 w-full" />
    </div>
  );
}

export function BackToSignIn({ account }: { account?: string }) {
  return (
    <p className="mt-6 text-center">
      <Link
        to="/sign-in"
        search={{ account }}
        className="inline-flex items-center gap-1.5 rounded font-medium text-accent hover:underline"
      >
        <ArrowLeft className="size-4" aria-hidden />
        {t('signIn.back')}
      </Link>
    </p>
  );
}

const shapes = [
  ['w-24', 'w-40', 'w-14'],
  ['w-32', 'w-28', 'w-20'],
  ['w-20', 'w-36', 'w-16'],
  ['w-28', 'w-44', 'w-12'],
  ['w-36', 'w-24', 'w-20'],
];

/** A table that floats above a dotted ground. */
function Illustration() {
  return (
    <>
      <div className="absolute inset-0 bg-[radial-gradient(var(--border)_1px,transparent_1px)] bg-[size:22px_22px]" />
      <div className="absolute top-[-12%] right-[-18%] size-[38rem] rounded-full bg-primary/25 blur-3xl" />
      <div className="absolute top-1/2 left-1/2 w-[30rem] -translate-x-1/2 -translate-y-[58%]">
        <div className="absolute -top-6 left-8 h-full w-full rotate-3 rounded-2xl border bg-surface/60" />
        <div className="relative overflow-hidden rounded-2xl border bg-surface shadow-pop">
          <div className="flex items-center gap-2 border-b px-5 py-4">
            <span className="size-3 rounded-full bg-primary" />
            <span className="h-2.5 w-28 rounded-full bg-hover" />
            <span className="ml-auto h-6 w-16 rounded-md bg-primary" />
          </div>
          {shapes.map((widths, row) => (
            <div
              key={row}
              className="grid grid-cols-[1.4fr_2fr_1fr] items-center gap-4 border-b px-5 py-4 last:border-b-0"
            >
              {widths.map((width, column) => (
                <span
                  key={column}
                  className={`${width} h-2.5 rounded-full ${column === 0 ? 'bg-control' : column === 2 && row % 2 ? 'bg-accent-subtle' : 'bg-hover'}`}
                />
              ))}
            </div>
          ))}
        </div>
      </div>
    </>
  );
}
