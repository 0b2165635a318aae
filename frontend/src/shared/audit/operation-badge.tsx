import { t } from '@/shared/i18n';
import { Badge } from '@/shared/ui/badge';

const tones = { CREATE: 'success', UPDATE: 'info', DELETE: 'danger' } as const;
type Operation = keyof typeof tones;

/** What the audit log says that was done to a row. */
export function OperationBadge({ operation }: { operation: string }) {
  const known = (Object.keys(tones) as Operation[]).find((name) => name === operation);
  return known ? <Badge tone={tones[known]}>{t(`audit.operations.${known}`)}</Badge> : <Badge>{operation}</Badge>;
}
