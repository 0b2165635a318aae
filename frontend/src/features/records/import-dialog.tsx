import { CircleCheck, Upload } from 'lucide-react';
import { useEffect, useState } from 'react';
import { toast } from 'sonner';
import { asApiError } from '@/shared/api/errors';
import type { Collection } from '@/shared/api/types';
import { formatNumber, t, tn } from '@/shared/i18n';
import { takeFile } from '@/shared/records/file-in-hand';
import { Button } from '@/shared/ui/button';
import { Dialog, DialogBody, DialogFooter } from '@/shared/ui/dialog';
import { FormError } from '@/shared/ui/field';
import { FileDrop } from '@/shared/ui/file-drop';
import { useImportRecords } from './api/import-records';
import { doubledFields, guessMapping, type Mapping, uncoveredFields } from './column-mapping';
import { ColumnTable } from './column-table';
import type { ImportResult } from './import-lines';
import { type RecordFile, readRecordFile } from './record-file';

interface ImportDialogProps {
  collection: Collection;
  open: boolean;
  onClose: () => void;
}

/** Brings records of a file into the collection: choose, map, check, import. */
export function ImportDialog({ collection, open, onClose }: ImportDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={t('recordFiles.importTitle', { name: collection.name })}
      className="sm:max-w-3xl"
    >
      <ImportSteps collection={collection} onClose={onClose} />
    </Dialog>
  );
}

function ImportSteps({ collection, onClose }: Omit<ImportDialogProps, 'open'>) {
  const [source, setSource] = useState<RecordFile | null>(null);
  const [mapping, setMapping] = useState<Mapping>({});
  const [fault, setFault] = useState<string | null>(null);
  const [progress, setProgress] = useState(0);
  const check = useImportRecords(collection.name);
  const store = useImportRecords(collection.name);
  const running = check.isPending || store.isPending;
  const failure = store.isError ? asApiError(store.error) : check.isError ? asApiError(check.error) : null;

  function take(found: Awaited<ReturnType<typeof readRecordFile>>) {
    if ('fault' in found) {
      setFault(found.fault);
      return;
    }
    setSource(found);
    setMapping(
      guessMapping(
        found.columns.map((column) => column.name),
        collection.schema,
      ),
    );
  }

  useEffect(() => {
    const file = takeFile(collection.name);
    if (file) void readRecordFile(file).then(take);
    // Only when the dialog opens.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  function forget() {
    check.reset();
    store.reset();
  }

  if (!source) {
    return (
      <DialogBody>
        <p className="text-muted">{t('recordFiles.lead')}</p>
        <FileDrop
          label={t('collectionFiles.choose')}
          hint={t('recordFiles.kinds')}
          accept=".csv,.json,.ndjson,.jsonl,text/csv,application/json"
          error={fault}
          onFile={(file) => void readRecordFile(file).then(take)}
        />
      </DialogBody>
    );
  }

  const missing = uncoveredFields(mapping, collection.schema);
  const doubled = doubledFields(mapping);
  const nothing = Object.values(mapping).every((field) => field === '');
  const run = (dryRun: boolean) => {
    setProgress(0);
    store.reset();
    const mode = dryRun || (check.data && check.data.skipped > 0) ? 'skip' : 'error';
    const wanted = { source, mapping, mode, dryRun, onProgress: setProgress } as const;
    if (dryRun) check.mutate(wanted);
    else
      store.mutate(wanted, {
        onSuccess: ({ imported }) => {
          toast.success(tn('recordFiles.importedToast', imported));
          onClose();
        },
      });
  };

  return (
    <form
      className="contents"
      onSubmit={(event) => {
        event.preventDefault();
        run(!check.data);
      }}
    >
      <DialogBody>
        <FormError message={failure?.message} error={failure} />
        <p className="text-muted">{t('recordFiles.mapLead', { file: source.file.name })}</p>
        <ColumnTable
          columns={source.columns}
          schema={collection.schema}
          mapping={mapping}
          disabled={running}
          onChange={(next) => {
            // What was found holds for the columns as they were.
            forget();
            setMapping(next);
          }}
        />
        {doubled.length > 0 && <FormError message={t('recordFiles.doubled', { names: doubled.join(', ') })} />}
        {missing.length > 0 && (
          <p className="text-[0.8125rem] text-accent">{t('recordFiles.missing', { names: missing.join(', ') })}</p>
        )}
        {running && (
          <p role="status" className="text-muted">
            {tn('recordFiles.read', progress)}
          </p>
        )}
        {check.data && !running && <Findings result={check.data} />}
      </DialogBody>
      <DialogFooter>
        <Button
          disabled={running}
          onClick={() => {
            forget();
            setFault(null);
            setSource(null);
          }}
        >
          {t('collectionFiles.other')}
        </Button>
        <Button
          type="submit"
          variant="primary"
          busy={running}
          disabled={nothing || doubled.length > 0 || check.data?.imported === 0}
        >
          {check.data && !running && <Upload aria-hidden />}
          {check.data ? tn('recordFiles.import', check.data.imported) : t('recordFiles.check')}
        </Button>
      </DialogFooter>
    </form>
  );
}

const SHOWN = 20;

/** What a check found: how many records would be stored, and the first faults. */
function Findings({ result: { imported, skipped, errors } }: { result: ImportResult }) {
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
        <ul className="max-h-60 divide-y overflow-y-auto rounded-xl border">
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
      )}
      {skipped > SHOWN && <p className="text-[0.8125rem] text-muted">{t('recordFiles.firstOnly', { count: SHOWN })}</p>}
    </section>
  );
}
