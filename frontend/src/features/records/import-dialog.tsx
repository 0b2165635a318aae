import { Upload } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { toast } from 'sonner';
import { asApiError } from '@/shared/api/errors';
import type { Collection } from '@/shared/api/types';
import { formatNumber, t, tn } from '@/shared/i18n';
import { takeFile } from '@/shared/records/file-in-hand';
import { Button } from '@/shared/ui/button';
import { Dialog, DialogBody, DialogFooter } from '@/shared/ui/dialog';
import { FormError } from '@/shared/ui/field';
import { FileDrop } from '@/shared/ui/file-drop';
import { Progress } from '@/shared/ui/progress';
import { useImportRecords } from './api/import-records';
import { doubledFields, guessMapping, type Mapping, uncoveredFields } from './column-mapping';
import { ColumnTable } from './column-table';
import { ImportFindings } from './import-findings';
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
  const [progress, setProgress] = useState<{ read: number; total?: number }>({ read: 0 });
  const checking = useRef<AbortController | null>(null);
  const check = useImportRecords(collection.name);
  const store = useImportRecords(collection.name);
  const running = check.isPending || store.isPending;
  const failure = store.isError ? asApiError(store.error) : check.isError ? asApiError(check.error) : null;
  const total = check.data ? check.data.imported + check.data.skipped : progress.total;

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
    setProgress({ read: 0 });
    store.reset();
    const mode = dryRun || (check.data && check.data.skipped > 0) ? 'skip' : 'error';
    const wanted = {
      source,
      schema: collection.schema,
      mapping,
      mode,
      dryRun,
      onProgress: (read: number, of?: number) => setProgress({ read, total: of }),
    } as const;
    if (dryRun) {
      checking.current = new AbortController();
      check.mutate({ ...wanted, signal: checking.current.signal });
    } else
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
          <div className="space-y-2">
            <div className="flex min-h-8 items-center justify-between gap-3">
              <p role="status" className="text-muted tabular-nums">
                {total
                  ? t('recordFiles.readOf', { count: formatNumber(progress.read), total: formatNumber(total) })
                  : tn('recordFiles.read', progress.read)}
              </p>
              {check.isPending && (
                <Button
                  size="sm"
                  variant="ghost"
                  onClick={() => {
                    checking.current?.abort();
                    check.reset();
                  }}
                >
                  {t('recordFiles.stopCheck')}
                </Button>
              )}
            </div>
            <Progress
              label={t('recordFiles.progress')}
              share={total ? Math.min(progress.read / total, 1) : undefined}
            />
          </div>
        )}
        {check.data && !running && <ImportFindings source={source} result={check.data} />}
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
