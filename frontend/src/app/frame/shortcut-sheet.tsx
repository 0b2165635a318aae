import { t } from '@/shared/i18n';
import { Dialog, DialogBody } from '@/shared/ui/dialog';

const shortcuts = [
  { combination: ['Ctrl', 'K'], label: 'shortcuts.palette' },
  { combination: ['/'], label: 'shortcuts.search' },
  { combination: ['N'], label: 'shortcuts.create' },
  { combination: ['↑', '↓'], label: 'shortcuts.rows' },
  { combination: ['Ctrl', 'Enter'], label: 'shortcuts.submit' },
  { combination: ['Esc'], label: 'shortcuts.close' },
  { combination: ['?'], label: 'shortcuts.help' },
] as const;

export function ShortcutSheet({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t('shortcuts.title')}>
      <DialogBody>
        <dl className="-my-2 divide-y">
          {shortcuts.map(({ combination, label }) => (
            <div key={label} className="flex items-center justify-between gap-4 py-2.5">
              <dt>{t(label)}</dt>
              <dd className="flex gap-1">
                {combination.map((key) => (
                  <kbd
                    key={key}
                    className="min-w-6 rounded-md border bg-subtle px-1.5 py-0.5 text-center font-mono text-xs"
                  >
                    {key}
                  </kbd>
                ))}
              </dd>
            </div>
          ))}
        </dl>
      </DialogBody>
    </Dialog>
  );
}
