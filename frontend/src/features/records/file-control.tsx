import { Download, FileUp, Trash2, X } from 'lucide-react';
import { type DragEvent, type ReactNode, type Ref, useEffect, useRef, useState } from 'react';
import { asApiError } from '@/shared/api/errors';
import { formatBytes, t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { Button, buttonStyle } from '@/shared/ui/button';
import type { ControlProps } from '@/shared/ui/field';
import { Progress } from '@/shared/ui/progress';
import { useDownloadFile } from '@/shared/files/read-file';
import { useUploadFile } from '@/shared/files/upload-file';
import { FilePreview } from '@/shared/files/file-preview';
import { FileThumbnail } from '@/shared/files/file-thumbnail';
import { readStoredFile, type StoredFile } from '@/shared/files/stored-file';

interface FileControlProps extends ControlProps {
  ref: Ref<HTMLInputElement>;
  /** The file as JSON text; empty for none. */
  value: string;
  onChange: (value: string) => void;
  clearable: boolean;
  /** Account of the record, to which the file will belong. */
  accountId: string;
  /** Hears when an upload begins and ends. */
  onBusyChange: (busy: boolean) => void;
  /** Hears why the server refused a file; undefined when that is over. */
  onRefusal: (reason: string | undefined) => void;
}

interface Uploading {
  file: File;
  /** How much is sent, in percent. */
  percent: number;
}

/** Takes a file, chosen or dropped, and uploads it at once; what the server says of it becomes the value. */
export function FileControl(props: FileControlProps) {
  const { ref, value, onChange, clearable, accountId, onBusyChange, onRefusal, ...control } = props;
  const [uploading, setUploading] = useState<Uploading | null>(null);
  const [news, setNews] = useState('');
  const [over, setOver] = useState(false);
  const current = useRef<AbortController | null>(null);
  const upload = useUploadFile();
  useEffect(() => () => current.current?.abort(), []);

  async function take(file: File) {
    current.current?.abort();
    const attempt = new AbortController();
    current.current = attempt;
    const isCurrent = () => current.current === attempt;
    onRefusal(undefined);
    onBusyChange(true);
    setUploading({ file, percent: 0 });
    setNews(t('files.uploading', { name: file.name }));
    try {
      const reply = await upload.mutateAsync({
        file,
        accountId,
        signal: attempt.signal,
        onProgress: (share) => {
          if (isCurrent()) setUploading({ file, percent: Math.floor(share * 100) });
        },
      });
      if (!isCurrent()) return;
      setNews(t('files.uploaded', { name: reply.file.filename }));
      onRefusal(undefined);
      onChange(JSON.stringify(reply.file));
    } catch (error) {
      if (!isCurrent() || attempt.signal.aborted) return;
      setNews('');
      onRefusal(asApiError(error).message);
    }
    current.current = null;
    setUploading(null);
    onBusyChange(false);
  }

  /** Keeps the focus in the control when the button that had it goes. */
  const focusInput = () => document.getElementById(control.id)?.focus();

  function cancel() {
    current.current?.abort();
    current.current = null;
    setUploading(null);
    setNews(t('files.cancelled'));
    onRefusal(undefined);
    onBusyChange(false);
    focusInput();
  }

  function remove() {
    onRefusal(undefined);
    onChange('');
    focusInput();
  }

  const drag = (entering: boolean) => (event: DragEvent) => {
    event.preventDefault();
    setOver(entering);
  };

  return (
    <div
      onDragEnter={drag(true)}
      onDragOver={drag(true)}
      onDragLeave={drag(false)}
      onDrop={(event) => {
        drag(false)(event);
        const file = event.dataTransfer.files[0];
        if (file) void take(file);
      }}
    >
      <input
        ref={ref}
        type="file"
        {...control}
        // Not allowed on a file's input; the star at the label says it.
        aria-required={undefined}
        className="peer sr-only"
        onChange={(event) => {
          const file = event.target.files?.[0];
          // The same file can be chosen again after it was refused.
          event.target.value = '';
          if (file) void take(file);
        }}
      />
      <div
        className={cn(
          'rounded-xl border border-control bg-surface shadow-card peer-focus-visible:outline-2 peer-focus-visible:outline-ring',
          value === '' && !uploading && 'border-dashed shadow-none',
          control['aria-invalid'] && 'border-danger',
          over && 'border-accent bg-accent-subtle',
        )}
      >
        {uploading ? (
          <Sending {...uploading} onCancel={cancel} />
        ) : value !== '' ? (
          <Chosen
            value={value}
            replace={
              <label
                htmlFor={control.id}
                title={t('files.replace')}
                className={cn(buttonStyle({ variant: 'ghost', size: 'icon' }), 'cursor-pointer')}
              >
                <FileUp aria-hidden />
                <span className="sr-only">{t('files.replace')}</span>
              </label>
            }
            onRemove={clearable ? remove : undefined}
          />
        ) : (
          <label
            htmlFor={control.id}
            className="flex min-h-12 cursor-pointer items-center justify-center gap-2.5 rounded-xl px-3 py-2.5 text-center text-muted hover:bg-subtle hover:text-foreground"
          >
            <FileUp className="size-4 shrink-0 text-accent" aria-hidden />
            {t('files.choose')}
          </label>
        )}
      </div>
      <p role="status" className="sr-only">
        {news}
      </p>
    </div>
  );
}

function Line({ children }: { children: ReactNode }) {
  return <div className="flex items-center gap-3 p-2">{children}</div>;
}

function Sending({ file, percent, onCancel }: Uploading & { onCancel: () => void }) {
  return (
    <Line>
      <FileThumbnail type={file.type} className="size-12" />
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{file.name}</p>
        <div className="mt-1.5 flex items-center gap-2.5">
          <Progress label={t('files.progress', { name: file.name })} share={percent / 100} className="flex-1" />
          <span className="w-9 shrink-0 text-right text-[0.8125rem] text-muted tabular-nums" aria-hidden>
            {percent} %
          </span>
        </div>
      </div>
      <Button variant="ghost" size="icon" aria-label={t('files.cancel')} title={t('files.cancel')} onClick={onCancel}>
        <X aria-hidden />
      </Button>
    </Line>
  );
}

interface ChosenProps {
  value: string;
  replace: ReactNode;
  /** Absent where there must be a file. */
  onRemove: (() => void) | undefined;
}

function Chosen({ value, replace, onRemove }: ChosenProps) {
  const file = readStoredFile(value);
  return (
    <Line>
      {file ? (
        <Known file={file} />
      ) : (
        // A value that is masked for the caller, or that no upload gave.
        <p className="min-w-0 flex-1 truncate px-1.5 text-muted">{value}</p>
      )}
      <div className="flex shrink-0 items-center">
        {file && <DownloadButton file={file} />}
        {replace}
        {onRemove && (
          <Button
            variant="ghost"
            size="icon"
            className="text-danger"
            aria-label={t('files.remove')}
            title={t('files.remove')}
            onClick={onRemove}
          >
            <Trash2 aria-hidden />
          </Button>
        )}
      </div>
    </Line>
  );
}

function Known({ file }: { file: StoredFile }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <div className="relative flex min-w-0 flex-1 items-center gap-3">
        <FileThumbnail key={file.path} type={file.mime_type} path={file.path} className="size-12" />
        <div className="min-w-0">
          <button
            type="button"
            className="block max-w-full truncate rounded font-medium after:absolute after:inset-0 hover:underline"
            aria-label={t('files.show', { name: file.filename })}
            aria-haspopup="dialog"
            title={file.filename}
            onClick={() => setOpen(true)}
          >
            {file.filename}
          </button>
          <p className="truncate text-[0.8125rem] text-muted">
            {t('files.facts', { size: formatBytes(file.size), type: file.mime_type })}
          </p>
        </div>
      </div>
      <FilePreview file={file} open={open} onClose={() => setOpen(false)} />
    </>
  );
}

function DownloadButton({ file }: { file: StoredFile }) {
  const download = useDownloadFile();
  return (
    <Button
      variant="ghost"
      size="icon"
      aria-label={t('files.download', { name: file.filename })}
      title={t('common.download')}
      disabled={download.isPending}
      onClick={() => download.mutate(file)}
    >
      <Download aria-hidden />
    </Button>
  );
}
