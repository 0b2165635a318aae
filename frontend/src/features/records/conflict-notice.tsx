import { GitMerge } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import type { FieldDefinition } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { Button } from '@/shared/ui/button';
import { Time } from '@/shared/ui/time';
import { shortId } from './cell-value';
import type { Conflict, Contest } from './record-conflict';
import { readStoredFile } from '@/shared/files/stored-file';

interface ConflictNoticeProps {
  conflict: Conflict;
  schema: FieldDefinition[];
  /** When the others saved. */
  at: string;
  /** Goes on with what is stored and what was chosen. */
  onResolve: (keepsMine: (name: string) => boolean) => void;
}

/** Tells that a record was changed while it was edited, and lets choose whose values to go on with. */
export function ConflictNotice({ conflict: { contested, changed }, schema, at, onResolve }: ConflictNoticeProps) {
  const [theirs, setTheirs] = useState<ReadonlySet<string>>(new Set());
  const place = useRef<HTMLElement>(null);
  const id = useId();
  useEffect(() => {
    // In newer browsers it gives a promise back, which is no clean-up.
    void place.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  const choose = (name: string, taken: boolean) =>
    setTheirs((before) => new Set([...before].filter((other) => other !== name).concat(taken ? [name] : [])));

  return (
    <section
      ref={place}
      aria-labelledby={id}
      className="space-y-4 rounded-xl border border-accent/40 bg-accent-subtle px-4 py-3.5"
    >
      <div role="alert">
        <h3 id={id} className="flex items-center gap-2 font-semibold">
          <GitMerge className="size-4 shrink-0 text-accent" aria-hidden />
          {t('conflict.title')}
        </h3>
        <p className="mt-1">
          {contested.length > 0
            ? t('conflict.contested')
            : changed.length > 0
              ? t('conflict.untouched')
              : t('conflict.nothing')}{' '}
          <span className="text-muted">
            {t('conflict.savedAt')} <Time value={at} />
          </span>
        </p>
      </div>
      {contested.map((contest) => (
        <Choice
          key={contest.name}
          contest={contest}
          type={schema.find((field) => field.name === contest.name)?.type ?? 'text'}
          taken={theirs.has(contest.name)}
          onChange={(taken) => choose(contest.name, taken)}
        />
      ))}
      {changed.length > 0 && (
        <p className="text-[0.8125rem]">
          {t('conflict.changed')} <span className="font-mono text-xs">{changed.join(', ')}</span>
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        <Button variant="primary" onClick={() => onResolve((name) => !theirs.has(name))}>
          {contested.length > 0 ? t('conflict.apply') : t('conflict.takeOver')}
        </Button>
        {contested.length > 1 && (
          <>
            <Button variant="ghost" onClick={() => setTheirs(new Set())}>
              {t('conflict.allMine')}
            </Button>
            <Button variant="ghost" onClick={() => setTheirs(new Set(contested.map(({ name }) => name)))}>
              {t('conflict.allTheirs')}
            </Button>
          </>
        )}
      </div>
    </section>
  );
}

interface ChoiceProps {
  contest: Contest;
  type: string;
  taken: boolean;
  onChange: (taken: boolean) => void;
}

function Choice({ contest: { name, theirs, mine }, type, taken, onChange }: ChoiceProps) {
  const id = useId();
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 font-medium">{name}</legend>
      <div className="grid gap-2 sm:grid-cols-2">
        {[
          { label: t('conflict.mine'), value: mine, chosen: !taken, choice: false },
          { label: t('conflict.theirs'), value: theirs, chosen: taken, choice: true },
        ].map(({ label, value, chosen, choice }) => (
          <label
            key={label}
            className={cn(
              'block min-w-0 cursor-pointer rounded-lg border bg-surface px-3 py-2 has-focus-visible:outline-2 has-focus-visible:outline-ring',
              chosen ? 'border-accent ring-1 ring-accent' : 'border-control',
            )}
          >
            <span className="flex items-center gap-2 text-[0.8125rem] font-medium">
              <input
                type="radio"
                className="size-3.5 accent-accent"
                name={id}
                checked={chosen}
                onChange={() => onChange(choice)}
              />
              {label}
            </span>
            <span className="mt-1 line-clamp-6 block text-[0.8125rem] break-words whitespace-pre-wrap text-muted">
              {shown(type, value)}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** A control's value in a few words. */
function shown(type: string, value: string | boolean): string {
  if (typeof value === 'boolean') return value ? t('common.yes') : t('common.no');
  if (value === '') return t('conflict.empty');
  if (type === 'reference') return shortId(value);
  return readStoredFile(value)?.filename ?? value;
}
