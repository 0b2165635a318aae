import { CircleCheck, Download } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { asApiError } from '@/shared/api/errors';
import { formatNumber, t, tn } from '@/shared/i18n';
import { saveFile } from '@/shared/lib/download';
import { Button } from '@/shared/ui/button';
import { failedRows } from './failed-rows';
import { type ImportResult, MOST_FAULTS } from './import-lines';
import type { RecordFile } from './record-file';

const SHOWN = 20;

interface ImportFindingsProps {
  source: RecordFile;
  result: ImportResult;
}

/** What a check found: how many records would be stored, and the first faults. */
export function ImportFindings({ source, result: { imported, skipped, errors } }: ImportFindingsProps) {
  return (
    <section className="space-y-3" aria-label={t('recordFiles.findings')}>
      <p
        role="status"
        className={
          skipped === 0
            ? 'flex items-center gap-2.5 rounded-xl bg-success-subtle px-4 py-3 text-success'
            : 'rounded-xl bg-accent-subtle px-4 py-3 text-accent'
        }
      >
        {skipped === 0 && <CircleCheck className="size-4 shrink-0" aria-hidden />}
        <span>
          {tn('recordFiles.fit', imported)} {skipped > 0 && tn('recordFiles.leftOut', skipped)}
        </span>
      </p>
      {errors.length > 0 && (
        <>
          <ul
            className="max-h-60 divide-y overflow-y-auto rounded-xl border"
            aria-label={t('recordFiles.faults')}
            // A box that scrolls must be reachable by keyboard.
            // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
            tabIndex={0}
          >
            {errors.slice(0, SHOWN).map(({ index, details }) => (
              <li key={index} className="px-4 py-2.5">
                <p className="font-medium">{t('recordFiles.record', { number: formatNumber(index + 1) })}</p>
                <ul className="text-[0.8125rem] text-muted">
                  {details.map(({ field, message }, at) => (
                    <li key={at} className="break-words">
                      {field && <code className="mr-1.5 font-mono text-xs text-foreground">{field}</code>}
                      {message}
                    </li>
                  ))}
                </ul>
              </li>
            ))}
          </ul>
          <div className="flex flex-wrap items-center justify-between gap-2">
            <p className="text-[0.8125rem] text-muted">
              {skipped > SHOWN && t('recordFiles.firstOnly', { count: SHOWN })}
            </p>
            <FailedRowsButton source={source} errors={errors} whole={skipped <= MOST_FAULTS} />
          </div>
        </>
      )}
    </section>
  );
}

interface FailedRowsButtonProps {
  source: RecordFile;
  errors: ImportResult['errors'];
  /** Whether these are all of them. */
  whole: boolean;
}

function FailedRowsButton({ source, errors, whole }: FailedRowsButtonProps) {
  const [busy, setBusy] = useState(false);
  async function save() {
    setBusy(true);
    try {
      const { name, content } = await failedRows(source, errors);
      saveFile(content, name);
    } catch (error) {
      // The file may be gone by now.
      toast.error(asApiError(error).message);
    }
    setBusy(false);
  }
  return (
    <Button size="sm" busy={busy} onClick={() => void save()}>
      {!busy && <Download aria-hidden />}
      {whole ? t('recordFiles.saveFailed') : t('recordFiles.saveFirstFailed', { count: formatNumber(errors.length) })}
    </Button>
  );
}
