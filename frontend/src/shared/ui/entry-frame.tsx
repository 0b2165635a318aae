import { type ReactNode, useEffect } from 'react';
import { t } from '@/shared/i18n';
import { Logo } from './logo';

/** The frame of pages shown before anybody is signed in. */
export function EntryFrame({ title, lead, children }: { title: string; lead: ReactNode; children: ReactNode }) {
  useEffect(() => {
    document.title = `${title} · SnackBase`;
  }, [title]);
  return (
    <div className="grid min-h-dvh lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
      <main className="flex flex-col px-5 py-6 sm:px-10">
        <Logo />
        <div className="mx-auto flex w-full max-w-[26rem] flex-1 flex-col justify-center py-10">
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
