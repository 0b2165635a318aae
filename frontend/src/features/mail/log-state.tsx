import { t } from '@/shared/i18n';
import { Badge } from '@/shared/ui/badge';

/** Whether a mail went out. */
export function LogState({ status }: { status: string }) {
  return status === 'sent' ? (
    <Badge tone="success">{t('mail.sent')}</Badge>
  ) : (
    <Badge tone="danger">{status === 'failed' ? t('mail.failed') : status}</Badge>
  );
}
