import { useQuery } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { formatBytes, t } from '@/shared/i18n';
import { Button } from '@/shared/ui/button';
import { Dialog, DialogFooter } from '@/shared/ui/dialog';
import { ErrorState, Skeleton } from '@/shared/ui/states';
import { picture, SHOWN_TEXT, textOf, useDownloadFile } from './read-file';
import { FileTypeIcon } from './file-thumbnail';
import { kindOfType, type StoredFile } from './stored-file';

interface FilePreviewProps {
  file: StoredFile;
  open: boolean;
  onClose: () => void;
}

/** Shows a file as far as that is safe within the page, and saves it. */
export function FilePreview({ file, open, onClose }: FilePreviewProps) {
  const download = useDownloadFile();
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={file.filename}
      description={t('files.facts', { size: formatBytes(file.size), type: file.mime_type })}
      className="sm:max-w-3xl"
    >
      <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">
        <FileContent file={file} />
      </div>
      <DialogFooter>
        <Button onClick={onClose}>{t('common.close')}</Button>
        <Button variant="primary" busy={download.isPending} onClick={() => download.mutate(file)}>
          <Download aria-hidden />
          {t('common.download')}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}

/** A file as far as it is safe to show within the page. */
export function FileContent({ file }: { file: StoredFile }) {
  switch (file.size === 0 ? 'other' : kindOfType(file.mime_type)) {
    case 'picture':
      return <Picture file={file} />;
    case 'text':
      return <Text file={file} />;
    case 'pdf':
      return <NoPreview file={file} reason={t('files.pdf')} />;
    default:
      return <NoPreview file={file} reason={file.size === 0 ? t('files.empty') : t('files.noPreview')} />;
  }
}

function Picture({ file }: { file: StoredFile }) {
  const [broken, setBroken] = useState(false);
  const shown = useQuery(picture(file));
  if (shown.isError) return <ErrorState error={shown.error} onRetry={() => void shown.refetch()} />;
  if (broken) return <NoPreview file={file} reason={t('files.unreadable')} />;
  return (
    <div className="grid min-h-64 flex-1 place-items-center bg-subtle p-4">
      {shown.data ? (
        <img
          src={shown.data}
          alt={file.filename}
          className="max-h-[60dvh] max-w-full object-contain"
          onError={() => setBroken(true)}
        />
      ) : (
        <div role="status" aria-label={t('common.loading')} className="w-full">
          <Skeleton className="h-64 w-full" />
        </div>
      )}
    </div>
  );
}

function Text({ file }: { file: StoredFile }) {
  const shown = useQuery(textOf(file));
  if (shown.isError) return <ErrorState error={shown.error} onRetry={() => void shown.refetch()} />;
  if (shown.data === undefined) {
    return (
      <div role="status" aria-label={t('common.loading')} className="space-y-2 p-5">
        <Skeleton className="h-4 w-3/4" />
        <Skeleton className="h-4 w-1/2" />
        <Skeleton className="h-4 w-2/3" />
      </div>
    );
  }
  return (
    <>
      <pre
        role="region"
        aria-label={t('files.contentOf', { name: file.filename })}
        // A box that scrolls must be reachable by keyboard.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        className="max-h-[60dvh] min-h-40 flex-1 overflow-auto p-5 font-mono text-[0.8125rem] leading-5 break-words whitespace-pre-wrap -outline-offset-2"
      >
        {shown.data}
      </pre>
      {file.size > SHOWN_TEXT && (
        <p className="border-t px-5 py-2.5 text-[0.8125rem] text-muted">
          {t('files.cut', { size: formatBytes(SHOWN_TEXT) })}
        </p>
      )}
    </>
  );
}

function NoPreview({ file, reason }: { file: StoredFile; reason: string }) {
  return (
    <div className="flex min-h-52 flex-1 flex-col items-center justify-center px-6 py-10 text-center">
      <span className="mb-4 grid size-12 place-items-center rounded-2xl bg-accent-subtle text-accent">
        <FileTypeIcon type={file.mime_type} className="size-6" />
      </span>
      <p className="max-w-md text-pretty text-muted">{reason}</p>
    </div>
  );
}
