import { t } from '@/shared/i18n';
import { Badge } from '@/shared/ui/badge';
import { isJobStatus } from './job-status';

const tones = {
  pending: 'neutral',
  running: 'info',
  retrying: 'accent',
  completed: 'success',
  dead: 'danger',
} as const;

/** Where a job stands. */
export function JobState({ status }: { status: string }) {
  if (!isJobStatus(status)) return <Badge>{status}</Badge>;
  return <Badge tone={tones[status]}>{t(`jobs.statuses.${status}`)}</Badge>;
}
