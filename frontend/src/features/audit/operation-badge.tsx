import type { AuditEntry } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import { Badge } from '@/shared/ui/badge';

const tones = { CREATE: 'success', UPDATE: 'info', DELETE: 'danger' } as const;

export function OperationBadge({ operation }: { operation: AuditEntry['operation'] }) {
  return <Badge tone={tones[operation]}>{t(`audit.operations.${operation}`)}</Badge>;
}
