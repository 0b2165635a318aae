import { useRef, useState } from 'react';
import { toast } from 'sonner';
import { asApiError } from '@/shared/api/errors';
import { formatBytes, t } from '@/shared/i18n';
import { exportRecords, type ExportWanted } from './api/export-records';

/** The message is written anew this often, so that it can be read. */
const PACE_MS = 400;

/** Exports records while the page is used on: a message tells how far it is and has the way to cancel it. */
export function useExport(): { busy: boolean; start: (wanted: ExportWanted) => void } {
  const [busy, setBusy] = useState(false);
  const running = useRef(false);

  async function run(wanted: ExportWanted) {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    const stop = new AbortController();
    const id = toast.loading(t('recordFiles.exporting'), cancellable(stop));
    let told = Date.now();
    const onProgress = (bytes: number) => {
      if (Date.now() - told < PACE_MS) return;
      told = Date.now();
      toast.loading(t('recordFiles.exportingSize', { size: formatBytes(bytes) }), { id, ...cancellable(stop) });
    };
    const end = { id, action: null, duration: 4_000 };
    try {
      await exportRecords(wanted, { signal: stop.signal, onProgress });
      toast.success(t('recordFiles.exported'), end);
    } catch (error) {
      if (stop.signal.aborted) toast.info(t('recordFiles.exportCancelled'), end);
      else toast.error(asApiError(error).message, end);
    }
    running.current = false;
    setBusy(false);
  }
  return { busy, start: (wanted) => void run(wanted) };
}

function cancellable(stop: AbortController) {
  return { duration: Infinity, action: { label: t('common.cancel'), onClick: () => stop.abort() } };
}
