import { useState } from 'react';
import { t } from '@/shared/i18n';
import { FilePreview } from '@/shared/files/file-preview';
import { FileThumbnail } from '@/shared/files/file-thumbnail';
import type { StoredFile } from '@/shared/files/stored-file';

/** A file with its name, which leads to its preview. */
export function FileValue({ file }: { file: StoredFile }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className="inline-flex max-w-full items-center gap-2 rounded-md text-left align-middle hover:underline"
        aria-label={t('files.show', { name: file.filename })}
        aria-haspopup="dialog"
        title={file.filename}
        onClick={() => setOpen(true)}
      >
        <FileThumbnail key={file.path} type={file.mime_type} path={file.path} className="size-7" />
        <span className="truncate">{file.filename}</span>
      </button>
      <FilePreview file={file} open={open} onClose={() => setOpen(false)} />
    </>
  );
}
