import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { asApiError } from '@/shared/api/errors';
import { formatNumber, t, tn } from '@/shared/i18n';
import { matching } from '@/shared/lib/search-rows';
import { Button } from '@/shared/ui/button';
import { Dialog, DialogBody, DialogFooter } from '@/shared/ui/dialog';
import { FormError } from '@/shared/ui/field';
import { Checkbox, Input } from '@/shared/ui/input';
import { ErrorState, Skeleton } from '@/shared/ui/states';
import { allCollections } from './api/all-collections';
import { useExportCollections } from './api/export-collections';

const SEARCH_FROM = 8;

interface ExportDialogProps {
  open: boolean;
  onClose: () => void;
}

/** Saves all collections, or chosen ones, as a file that can be imported elsewhere. */
export function ExportDialog({ open, onClose }: ExportDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={t('collectionFiles.exportTitle')}
      description={t('collectionFiles.exportLead')}
      className="sm:max-w-lg"
    >
      <ExportForm onClose={onClose} />
    </Dialog>
  );
}

function ExportForm({ onClose }: { onClose: () => void }) {
  const all = useQuery(allCollections());
  const save = useExportCollections();
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const [search, setSearch] = useState('');
  const [withRecords, setWithRecords] = useState(false);
  const collections = all.data ?? [];
  const chosen = collections.filter(({ id }) => !left.has(id));
  const shown = matching(collections, search, ({ name }) => [name]);
  const failure = save.isError ? asApiError(save.error) : null;
  if (all.isError) return <ErrorState error={all.error} onRetry={() => void all.refetch()} />;

  const toggle = (id: string) => {
    const next = new Set(left);
    if (!next.delete(id)) next.add(id);
    setLeft(next);
  };

  return (
    <form
      className="contents"
      onSubmit={(event) => {
        event.preventDefault();
        const ids = left.size > 0 ? chosen.map(({ id }) => id) : undefined;
        save.mutate({ ids, withRecords }, { onSuccess: onClose });
      }}
    >
      <DialogBody>
        <FormError message={failure?.message} error={failure} />
        <fieldset className="min-w-0">
          <legend className="sr-only">{t('nav.collections')}</legend>
          {collections.length >= SEARCH_FROM && (
            <Input
              className="mb-3"
              type="search"
              aria-label={t('collections.search')}
              placeholder={t('collections.search')}
              value={search}
              onChange={(event) => setSearch(event.target.value)}
            />
          )}
          <div className="overflow-hidden rounded-xl border">
            <label className="flex items-center gap-3 border-b bg-subtle px-4 py-2.5 font-medium">
              <Checkbox
                checked={collections.length > 0 && left.size === 0}
                onChange={(event) => setLeft(new Set(event.target.checked ? [] : collections.map(({ id }) => id)))}
              />
              <span className="flex-1">{t('collectionFiles.all')}</span>
              <span className="text-[0.8125rem] font-normal text-muted">
                {tn('collectionFiles.chosen', chosen.length)}
              </span>
            </label>
            <ul className="max-h-64 divide-y overflow-y-auto">
              {all.isPending && (
                <li className="p-4" role="status" aria-label={t('common.loading')}>
                  <Skeleton className="h-4 w-40" />
                </li>
              )}
              {shown.map(({ id, name, records_count }) => (
                <li key={id}>
                  <label className="flex items-center gap-3 px-4 py-2 hover:bg-subtle">
                    <Checkbox checked={!left.has(id)} onChange={() => toggle(id)} />
                    <span className="min-w-0 flex-1 truncate">{name}</span>
                    <span className="text-[0.8125rem] text-muted">
                      {formatNumber(records_count)} {tn('home.records', records_count)}
                    </span>
                  </label>
                </li>
              ))}
            </ul>
          </div>
        </fieldset>
        <div>
          <label className="flex items-center gap-2 font-medium">
            <Checkbox checked={withRecords} onChange={(event) => setWithRecords(event.target.checked)} />
            {t('collectionFiles.withRecords')}
          </label>
          <p className="mt-1 text-[0.8125rem] text-muted">{t('collectionFiles.withRecordsHint')}</p>
        </div>
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button type="submit" variant="primary" busy={save.isPending} disabled={chosen.length === 0}>
          {!save.isPending && <Download aria-hidden />}
          {t('collectionFiles.save')}
        </Button>
      </DialogFooter>
    </form>
  );
}
