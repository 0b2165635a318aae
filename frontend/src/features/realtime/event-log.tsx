import { useVirtualizer } from '@tanstack/react-virtual';
import {
  ArrowDownToLine,
  ArrowUpFromLine,
  CircleAlert,
  HeartPulse,
  type LucideIcon,
  Pause,
  Play,
  Plug,
  RadioTower,
  Trash2,
  UsersRound,
} from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { t, tn } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { Button } from '@/shared/ui/button';
import { CopyButton } from '@/shared/ui/copy-button';
import { Select } from '@/shared/ui/input';
import { Card } from '@/shared/ui/page';
import { EmptyState } from '@/shared/ui/states';
import { MOST_ENTRIES } from './inspector';
import { type Entry, explainError, type Kind, kinds, subjectOf } from './messages';
import { clock } from './times';

const icons: Record<Kind, LucideIcon> = {
  change: ArrowDownToLine,
  channel: UsersRound,
  reply: ArrowDownToLine,
  heartbeat: HeartPulse,
  error: CircleAlert,
  sent: ArrowUpFromLine,
  state: Plug,
};
const tones: Record<Kind, string> = {
  change: 'text-success',
  channel: 'text-info',
  reply: 'text-muted',
  heartbeat: 'text-muted',
  error: 'text-danger',
  sent: 'text-accent',
  state: 'text-muted',
};
const LINE_HEIGHT = 36;

interface EventLogProps {
  entries: Entry[];
  kind: Kind | undefined;
  onKindChange: (kind: Kind | undefined) => void;
  onClear: () => void;
}

/** All that came and went, the newest below; a line opens to its JSON. */
export function EventLog({ entries, kind, onKindChange, onClear }: EventLogProps) {
  // While it is held, the list shows what there was.
  const [held, setHeld] = useState<Entry[] | null>(null);
  const [open, setOpen] = useState<Entry | null>(null);
  const all = held ?? entries;
  const shown = kind === undefined ? all : all.filter((entry) => entry.kind === kind);
  const last = entries.at(-1)?.number ?? 0;
  const waiting = held ? last - (held.at(-1)?.number ?? 0) : 0;

  return (
    <Card className="flex min-w-0 flex-col overflow-hidden">
      <div className="flex flex-wrap items-center gap-2 border-b p-3">
        <Select
          className="w-44 max-sm:min-w-0 max-sm:flex-1"
          aria-label={t('realtime.showKinds')}
          value={kind ?? ''}
          onChange={(event) => onKindChange(kinds.find((known) => known === event.target.value))}
        >
          <option value="">{t('realtime.allKinds')}</option>
          {kinds.map((known) => (
            <option key={known} value={known}>
              {t(`realtime.kinds.${known}`)}
            </option>
          ))}
        </Select>
        <p className="mr-auto text-[0.8125rem] text-muted tabular-nums max-sm:order-last max-sm:w-full" role="status">
          {waiting > 0 ? tn('realtime.waitingLines', waiting) : tn('realtime.lines', shown.length)}
        </p>
        <Button aria-pressed={held !== null} onClick={() => setHeld(held ? null : entries)}>
          {held ? <Play aria-hidden /> : <Pause aria-hidden />}
          {held ? t('realtime.go') : t('realtime.hold')}
        </Button>
        <Button
          disabled={entries.length === 0}
          onClick={() => {
            onClear();
            setHeld(null);
            setOpen(null);
          }}
        >
          <Trash2 aria-hidden />
          {t('realtime.clear')}
        </Button>
      </div>
      {shown.length === 0 ? (
        <EmptyState icon={RadioTower} title={t('realtime.emptyTitle')}>
          {t('realtime.empty')}
        </EmptyState>
      ) : (
        <Lines entries={shown} held={held !== null} open={open} onOpen={setOpen} />
      )}
      {open && <Detail entry={open} onClose={() => setOpen(null)} />}
      {entries.length === MOST_ENTRIES && (
        <p className="border-t px-4 py-2 text-[0.8125rem] text-muted">
          {t('realtime.bounded', { count: MOST_ENTRIES })}
        </p>
      )}
    </Card>
  );
}

interface LinesProps {
  entries: Entry[];
  held: boolean;
  open: Entry | null;
  onOpen: (entry: Entry | null) => void;
}

function Lines({ entries, held, open, onOpen }: LinesProps) {
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  // The code is not compiled by the React Compiler, which this rule is about.
  // eslint-disable-next-line react-hooks/incompatible-library
  const virtualizer = useVirtualizer({
    count: entries.length,
    getScrollElement: () => box.current,
    estimateSize: () => LINE_HEIGHT,
    overscan: 12,
    getItemKey: (index) => entries[index]?.number ?? index,
  });
  // New lines come into view as long as nobody has scrolled away.
  const last = entries.at(-1)?.number;
  useEffect(() => {
    if (!held && atEnd.current && entries.length > 0) virtualizer.scrollToIndex(entries.length - 1, { align: 'end' });
  }, [last, held, entries.length, virtualizer]);

  return (
    <div
      ref={box}
      role="region"
      aria-label={t('realtime.log.label')}
      // A box that scrolls must be reachable by keyboard.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      className={cn(
        'overflow-y-auto -outline-offset-2',
        open ? 'h-[max(14rem,calc(100dvh-36rem))]' : 'h-[max(18rem,calc(100dvh-17.5rem))]',
      )}
      onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
        atEnd.current = scrollTop + clientHeight > scrollHeight - LINE_HEIGHT;
      }}
    >
      <ol className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((item) => {
          const entry = entries[item.index];
          if (!entry) return null;
          const Icon = icons[entry.kind];
          const chosen = open?.number === entry.number;
          return (
            <li
              key={item.key}
              className="absolute inset-x-0 top-0"
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <button
                type="button"
                className={cn(
                  'flex h-9 w-full items-center gap-2.5 border-b px-4 text-left -outline-offset-2',
                  chosen ? 'bg-accent-subtle' : 'hover:bg-subtle',
                )}
                aria-pressed={chosen}
                onClick={() => onOpen(chosen ? null : entry)}
              >
                <Icon className={cn('size-4 shrink-0', tones[entry.kind])} aria-hidden />
                <span className="shrink-0 font-mono text-xs text-muted tabular-nums">{clock(entry.at)}</span>
                <span className={cn('truncate', entry.kind === 'error' && 'text-danger')}>{entry.title}</span>
                <span className="min-w-0 flex-1 truncate text-right font-mono text-xs text-muted max-sm:hidden">
                  {subjectOf(entry.message)}
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </div>
  );
}

function Detail({ entry, onClose }: { entry: Entry; onClose: () => void }) {
  const text = entry.message === undefined ? '' : JSON.stringify(entry.message, null, 2);
  const explained = typeof entry.message?.error === 'string' ? explainError(entry.message.error) : undefined;
  return (
    <section className="border-t" aria-label={t('realtime.detail')}>
      <div className="flex items-center gap-2 bg-subtle/60 py-1 pr-2 pl-4">
        <h3 className="min-w-0 flex-1 truncate text-[0.8125rem] font-medium">{entry.title}</h3>
        {text !== '' && <CopyButton text={text} label={t('realtime.copyMessage')} />}
        <Button variant="ghost" size="sm" onClick={onClose}>
          {t('common.close')}
        </Button>
      </div>
      {explained !== undefined && <p className="px-4 pt-2 text-[0.8125rem] text-muted">{explained}</p>}
      {text === '' ? (
        <p className="px-4 py-3 text-[0.8125rem] text-muted">{t('realtime.noMessage')}</p>
      ) : (
        <pre
          // A box that scrolls must be reachable by keyboard.
          // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          tabIndex={0}
          className="max-h-64 overflow-auto px-4 py-3 font-mono text-xs leading-5 -outline-offset-2"
        >
          {text}
        </pre>
      )}
    </section>
  );
}
