import { useCaller } from '@/shared/api/audience';
import { type MessageKey, t } from '@/shared/i18n';
import { keysOf, shortcutsInForce } from '@/shared/lib/shortcuts';
import { Dialog, DialogBody } from '@/shared/ui/dialog';
import { navigationFor } from './navigation';

interface Line {
  keys: string[];
  label: MessageKey;
}

const everywhere: Line[] = [
  { keys: keysOf('mod+k'), label: 'shortcuts.palette' },
  { keys: ['?'], label: 'shortcuts.help' },
  { keys: ['Esc'], label: 'shortcuts.close' },
  { keys: keysOf('mod+Enter'), label: 'shortcuts.submit' },
  { keys: ['↑', '↓'], label: 'shortcuts.rows' },
];

/** Keys of the table of a collection's records. */
const records: Line[] = [
  { keys: ['←', '↑', '↓', '→'], label: 'shortcuts.cells' },
  { keys: ['Home', 'End'], label: 'shortcuts.rowEnds' },
  { keys: ['PgUp', 'PgDn'], label: 'shortcuts.screens' },
  { keys: ['Enter', 'F2'], label: 'shortcuts.edit' },
  { keys: ['Space'], label: 'shortcuts.select' },
  { keys: ['N'], label: 'shortcuts.newRecord' },
  { keys: ['R'], label: 'shortcuts.refresh' },
  { keys: ['/'], label: 'shortcuts.searchRecords' },
];

export function ShortcutSheet({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t('shortcuts.title')} className="sm:max-w-2xl">
      {/* A box that scrolls on a phone must be reachable by keyboard. */}
      <DialogBody tabIndex={0} role="group" aria-label={t('shortcuts.title')}>
        <Sheet />
      </DialogBody>
    </Dialog>
  );
}

function Sheet() {
  const caller = useCaller();
  const page: Line[] = shortcutsInForce().map(({ combination, label }) => ({ keys: keysOf(combination), label }));
  const ways: Line[] = navigationFor(caller)
    .flatMap(({ items }) => items)
    .flatMap(({ letter, label }) => (letter ? [{ keys: ['G', letter.toUpperCase()], label }] : []));
  return (
    <div className="grid gap-x-10 gap-y-6 sm:grid-cols-2">
      <div className="space-y-6">
        {page.length > 0 && <Lines title={t('shortcuts.here')} lines={page} />}
        <Lines title={t('shortcuts.everywhere')} lines={everywhere} />
        <Lines title={t('shortcuts.records')} lines={records} />
      </div>
      {ways.length > 0 && <Lines title={t('shortcuts.goTo')} lines={ways} />}
    </div>
  );
}

function Lines({ title, lines }: { title: string; lines: Line[] }) {
  return (
    <section>
      <h3 className="mb-1 text-[0.8125rem] font-medium text-muted">{title}</h3>
      <dl className="divide-y">
        {lines.map(({ keys, label }) => (
          <div key={keys.join(' ') + label} className="flex items-center justify-between gap-4 py-1.5">
            <dt>{t(label)}</dt>
            <dd className="flex gap-1">
              {keys.map((key, index) => (
                <kbd
                  key={index}
                  className="min-w-6 rounded-md border bg-subtle px-1.5 py-0.5 text-center font-mono text-xs"
                >
                  {key}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
