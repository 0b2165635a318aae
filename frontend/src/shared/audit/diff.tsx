import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { type DiffLine, lineDiff } from './line-diff';

const marks = { same: ' ', removed: '−', added: '+' } as const;
const lineStyle = {
  same: 'text-muted',
  removed: 'bg-danger-subtle text-danger',
  added: 'bg-success-subtle text-success',
} as const;

interface DiffProps {
  before: string | null;
  after: string | null;
  /** Names the comparison for assistive technology. */
  label: string;
}

/** Two texts compared line by line. */
export function Diff({ before, after, label }: DiffProps) {
  const lines: DiffLine[] = lineDiff(before, after);
  if (lines.length === 0) return <p className="text-muted">{t('audit.noValues')}</p>;
  return (
    <div
      className="max-h-80 overflow-auto rounded-xl border bg-surface py-1 font-mono text-xs leading-5"
      role="group"
      aria-label={label}
      // A box that scrolls must be reachable by keyboard.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
    >
      {lines.map(({ kind, text }, index) => (
        <div key={index} className={cn('flex gap-2 px-3', lineStyle[kind])}>
          <span className="select-none" aria-hidden>
            {marks[kind]}
          </span>
          {kind !== 'same' && <span className="sr-only">{t(`audit.${kind}`)}</span>}
          <span className="min-w-0 break-words whitespace-pre-wrap">{text}</span>
        </div>
      ))}
    </div>
  );
}
