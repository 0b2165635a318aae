import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { CopyButton } from './copy-button';

/** The id under which the server logged a request that failed, to be named in reports. */
export function Reference({ id, className }: { id: string; className?: string }) {
  return (
    <p className={cn('flex items-center gap-1 font-mono text-xs', className)}>
      <span className="min-w-0 break-all">{t('error.reference', { id })}</span>
      <CopyButton className="-my-1" text={id} label={t('error.copyReference')} />
    </p>
  );
}
