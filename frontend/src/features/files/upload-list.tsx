import { CircleAlert, CircleCheck, CircleSlash, Clock3, X } from 'lucide-react';
import { FileThumbnail } from '@/shared/files/file-thumbnail';
import { formatBytes, t } from '@/shared/i18n';
import { Button } from '@/shared/ui/button';
import { Card } from '@/shared/ui/page';
import { Progress } from '@/shared/ui/progress';
import type { QueuedUpload } from './use-upload-queue';

interface UploadListProps {
  items: QueuedUpload[];
  onCancel: (id: number) => void;
  onClear: () => void;
}

/** What was chosen for upload, and how far each file is. */
export function UploadList({ items, onCancel, onClear }: UploadListProps) {
  if (items.length === 0) return null;
  const over = items.some(({ state }) => state !== 'waiting' && state !== 'sending');
  return (
    <Card className="mb-4 overflow-hidden">
      <div className="flex min-h-12 items-center justify-between gap-3 border-b py-1.5 pr-2 pl-4">
        <h2 className="font-medium">{t('filesPage.uploads')}</h2>
        {over && (
          <Button size="sm" variant="ghost" onClick={onClear}>
            {t('filesPage.forget')}
          </Button>
        )}
      </div>
      <ul className="max-h-72 divide-y overflow-y-auto" aria-label={t('filesPage.uploads')}>
        {items.map((item) => (
          <li key={item.id} className="flex min-h-14 items-center gap-3 px-4 py-2">
            <FileThumbnail type={item.file.type} className="size-9" />
            <div className="min-w-0 flex-1">
              <p className="flex items-baseline gap-2">
                <span className="truncate font-medium">{item.file.name}</span>
                <span className="shrink-0 text-[0.8125rem] text-muted">{formatBytes(item.file.size)}</span>
              </p>
              <State {...item} />
            </div>
            {(item.state === 'waiting' || item.state === 'sending') && (
              <Button
                variant="ghost"
                size="icon-sm"
                aria-label={t('filesPage.cancel', { name: item.file.name })}
                onClick={() => onCancel(item.id)}
              >
                <X aria-hidden />
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function State({ file, state, share, message }: QueuedUpload) {
  const line = 'flex items-center gap-1.5 text-[0.8125rem] [&_svg]:size-3.5 [&_svg]:shrink-0';
  switch (state) {
    case 'sending':
      return <Progress label={t('files.progress', { name: file.name })} share={share} className="mt-1.5 mb-1" />;
    case 'waiting':
      return (
        <p className={`${line} text-muted`}>
          <Clock3 aria-hidden />
          {t('filesPage.waiting')}
        </p>
      );
    case 'done':
      return (
        <p role="status" className={`${line} text-success`}>
          <CircleCheck aria-hidden />
          {t('filesPage.done')}
        </p>
      );
    case 'stopped':
      return (
        <p className={`${line} text-muted`}>
          <CircleSlash aria-hidden />
          {t('filesPage.stopped')}
        </p>
      );
    default:
      return (
        <p role="alert" className={`${line} items-start! text-danger [&_svg]:mt-0.5`}>
          <CircleAlert aria-hidden />
          <span className="min-w-0 break-words">{message}</span>
        </p>
      );
  }
}
