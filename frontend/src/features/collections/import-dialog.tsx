import { useQuery } from '@tanstack/react-query';
import { Upload } from 'lucide-react';
import { useState } from 'react';
import { asApiError } from '@/shared/api/errors';
import type { CollectionsExport, CollectionsImportResult } from '@/shared/api/types';
import { collectionNames } from '@/shared/collections/list-collection-names';
import { formatNumber, type MessageKey, t, tn } from '@/shared/i18n';
import { Badge } from '@/shared/ui/badge';
import { Button } from '@/shared/ui/button';
import { Dialog, DialogBody, DialogFooter } from '@/shared/ui/dialog';
import { FormError } from '@/shared/ui/field';
import { FileDrop } from '@/shared/ui/file-drop';
import { strategies, type Strategy, useImportCollections } from './api/import-collections';
import { type ExportedCollection, readExportFile } from './export-file';

interface ImportDialogProps {
  open: boolean;
  onClose: () => void;
}

interface Chosen {
  fileName: string;
  data: CollectionsExport;
  collections: ExportedCollection[];
}

/** Makes the collections of an exported file, after showing what is in it. */
export function ImportDialog({ open, onClose }: ImportDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={t('collectionFiles.importTitle')}
      description={t('collectionFiles.importLead')}
      className="sm:max-w-2xl"
    >
      <ImportSteps onClose={onClose} />
    </Dialog>
  );
}

function ImportSteps({ onClose }: { onClose: () => void }) {
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const run = useImportCollections();

  async function read(file: File) {
    const found = readExportFile(await file.text());
    if ('fault' in found) setFault(found.fault);
    else setChosen({ fileName: file.name, ...found });
  }

  if (run.data) return <Results result={run.data} onClose={onClose} />;
  if (chosen) {
    return (
      <Preview
        chosen={chosen}
        busy={run.isPending}
        error={run.error}
        onBack={() => {
          run.reset();
          setFault(null);
          setChosen(null);
        }}
        onImport={(strategy) => run.mutate({ data: chosen.data, strategy })}
      />
    );
  }
  return (
    <DialogBody>
      <FileDrop
        label={t('collectionFiles.choose')}
        hint={t('collectionFiles.chooseHint')}
        accept=".json,application/json"
        error={fault}
        onFile={(file) => void read(file)}
      />
    </DialogBody>
  );
}

interface PreviewProps {
  chosen: Chosen;
  busy: boolean;
  error: unknown;
  onBack: () => void;
  onImport: (strategy: Strategy) => void;
}

function Preview({ chosen, busy, error, onBack, onImport }: PreviewProps) {
  const [strategy, setStrategy] = useState<Strategy>('error');
  const names = useQuery(collectionNames());
  const taken = new Set((names.data ?? []).map((name) => name.toLowerCase()));
  const clashes = chosen.collections.filter(({ name }) => taken.has(name.toLowerCase())).length;
  const failure = error ? asApiError(error) : null;
  return (
    <form
      className="contents"
      onSubmit={(event) => {
        event.preventDefault();
        onImport(strategy);
      }}
    >
      <DialogBody>
        <FormError message={failure?.message} error={failure} />
        <p className="text-muted">{t('collectionFiles.inFile', { file: chosen.fileName })}</p>
        <div className="overflow-hidden rounded-xl border">
          <table className="w-full text-left">
            <thead className="bg-subtle text-[0.8125rem] text-muted">
              <tr>
                <th scope="col" className="px-4 py-2 font-medium">
                  {t('common.name')}
                </th>
                <th scope="col" className="px-4 py-2 text-right font-medium">
                  {t('collections.fields')}
                </th>
                <th scope="col" className="px-4 py-2 text-right font-medium">
                  {t('collections.records')}
                </th>
              </tr>
            </thead>
            <tbody>
              {chosen.collections.map(({ name, fields, records }) => (
                <tr key={name} className="border-t">
                  <td className="px-4 py-2">
                    <span className="flex flex-wrap items-center gap-2">
                      <span className="font-medium break-all">{name}</span>
                      {taken.has(name.toLowerCase()) && <Badge tone="accent">{t('collectionFiles.exists')}</Badge>}
                    </span>
                  </td>
                  <td className="px-4 py-2 text-right tabular-nums">{formatNumber(fields)}</td>
                  <td className="px-4 py-2 text-right tabular-nums">
                    {records === undefined ? '–' : formatNumber(records)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
        {clashes > 0 && (
          <fieldset className="min-w-0">
            <legend className="mb-2 font-medium">{tn('collectionFiles.clashes', clashes)}</legend>
            <div className="space-y-2">
              {strategies.map((choice) => (
                <label key={choice} className="flex items-start gap-2.5">
                  <input
                    type="radio"
                    name="strategy"
                    className="mt-0.5 size-4 shrink-0 accent-accent"
                    checked={strategy === choice}
                    onChange={() => setStrategy(choice)}
                  />
                  <span>
                    {t(`collectionFiles.strategy.${choice}`)}
                    <span className="block text-[0.8125rem] text-muted">
                      {t(`collectionFiles.strategyHint.${choice}`)}
                    </span>
                  </span>
                </label>
              ))}
            </div>
          </fieldset>
        )}
      </DialogBody>
      <DialogFooter>
        <Button disabled={busy} onClick={onBack}>
          {t('collectionFiles.other')}
        </Button>
        <Button type="submit" variant="primary" busy={busy}>
          {!busy && <Upload aria-hidden />}
          {t('collectionFiles.import')}
        </Button>
      </DialogFooter>
    </form>
  );
}

const looks: Record<string, { tone: 'success' | 'info' | 'neutral' | 'danger'; label: MessageKey }> = {
  imported: { tone: 'success', label: 'collectionFiles.status.imported' },
  updated: { tone: 'info', label: 'collectionFiles.status.updated' },
  skipped: { tone: 'neutral', label: 'collectionFiles.status.skipped' },
  error: { tone: 'danger', label: 'collectionFiles.status.error' },
};

function Results({ result, onClose }: { result: CollectionsImportResult; onClose: () => void }) {
  const { success, imported_count, updated_count, skipped_count, failed_count, collections } = result;
  return (
    <>
      <DialogBody>
        <p
          role="status"
          className={
            success
              ? 'rounded-xl bg-success-subtle px-4 py-3 text-success'
              : 'rounded-xl bg-danger-subtle px-4 py-3 text-danger'
          }
        >
          {t('collectionFiles.summary', {
            imported: imported_count,
            updated: updated_count,
            skipped: skipped_count,
            failed: failed_count,
          })}
        </p>
        <ul className="divide-y rounded-xl border">
          {collections.map(({ name, status, message }, index) => (
            <li key={index} className="px-4 py-2.5">
              <p className="flex flex-wrap items-center gap-2">
                <span className="font-medium break-all">{name}</span>
                <Badge tone={looks[status]?.tone ?? 'neutral'}>{looks[status] ? t(looks[status].label) : status}</Badge>
              </p>
              <p className="mt-0.5 text-[0.8125rem] break-words text-muted">{message}</p>
            </li>
          ))}
        </ul>
      </DialogBody>
      <DialogFooter>
        <Button variant="primary" onClick={onClose}>
          {t('common.done')}
        </Button>
      </DialogFooter>
    </>
  );
}
