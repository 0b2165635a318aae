import { useQuery } from '@tanstack/react-query';
import { Ban, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import type { Job } from '@/shared/api/types';
import { formatDateTime, t } from '@/shared/i18n';
import { Button } from '@/shared/ui/button';
import { ConfirmDelete } from '@/shared/ui/confirm-delete';
import { CopyButton } from '@/shared/ui/copy-button';
import { Details } from '@/shared/ui/details';
import { DialogBody, DialogFooter, Drawer } from '@/shared/ui/dialog';
import { ErrorState, Skeleton } from '@/shared/ui/states';
import { useCancelJob } from './api/cancel-job';
import { jobById } from './api/get-job';
import { useRetryJob } from './api/retry-job';
import { JobState } from './job-state';
import { canCancel, canRetry, formatSeconds, secondsTaken } from './job-status';

interface JobDrawerProps {
  open: string | undefined;
  /** How often to look again, in milliseconds. */
  refresh: number;
  onClose: () => void;
}

/** One job with its payload, its times and what can be done about it. */
export function JobDrawer({ open, refresh, onClose }: JobDrawerProps) {
  // What was open stays in view while the drawer slides out.
  const [shown, setShown] = useState(open);
  if (open !== undefined && open !== shown) setShown(open);
  const found = useQuery({
    ...jobById(shown ?? ''),
    enabled: open !== undefined,
    // One that is gone stays gone.
    refetchInterval: (query) => query.state.status !== 'error' && refresh,
  });
  const job = found.data;
  return (
    <Drawer
      open={open !== undefined}
      onOpenChange={(next) => !next && onClose()}
      title={job ? t('jobs.title', { handler: job.handler }) : t('common.details')}
    >
      {!job && found.isError && <ErrorState error={found.error} onRetry={() => void found.refetch()} />}
      {!job && !found.isError && (
        <DialogBody role="status" aria-label={t('common.loading')}>
          <Skeleton className="h-48 w-full" />
          <Skeleton className="h-32 w-full" />
        </DialogBody>
      )}
      {job && <JobBody job={job} />}
      {job && <JobActions job={job} onClose={onClose} />}
    </Drawer>
  );
}

function JobBody({ job }: { job: Job }) {
  const time = (value: string | null) => (value ? formatDateTime(value) : undefined);
  const took = secondsTaken(job);
  const payload = JSON.stringify(job.payload, null, 2);
  const rows = [
    { label: t('jobs.status'), value: <JobState status={job.status} /> },
    { label: t('jobs.attempts'), value: t('jobs.attemptsOf', { failed: job.attempt_number, most: job.max_retries }) },
    { label: t('jobs.created'), value: time(job.created_at) },
    { label: t('jobs.runAt'), value: time(job.run_at) ?? t('jobs.atOnce') },
    { label: t('jobs.startedAt'), value: time(job.started_at) },
    { label: t('jobs.completedAt'), value: time(job.completed_at) },
    { label: t('jobs.took'), value: took === undefined ? undefined : formatSeconds(took) },
    { label: t('jobs.failedAt'), value: time(job.failed_at) },
    { label: t('jobs.retryDelay'), value: formatSeconds(job.retry_delay_seconds) },
    { label: t('jobs.queue'), value: job.queue },
    { label: t('jobs.priority'), value: job.priority },
    { label: t('jobs.accountId'), value: job.account_id ?? t('jobs.system'), code: job.account_id !== null },
    { label: t('jobs.createdBy'), value: job.created_by ?? undefined, code: true },
    { label: t('jobs.id'), value: job.id, code: true },
  ];
  return (
    <DialogBody
      role="group"
      aria-label={t('common.details')}
      // A box that scrolls must be reachable by keyboard.
      tabIndex={0}
    >
      {job.error_message && (
        <section aria-labelledby="job-error">
          <h3 id="job-error" className="mb-2 font-medium">
            {t('jobs.error')}
          </h3>
          <p className="rounded-lg bg-danger-subtle px-3 py-2.5 break-words whitespace-pre-wrap text-danger">
            {job.error_message}
          </p>
        </section>
      )}
      <Details rows={rows.filter((row) => row.value !== undefined)} />
      <section aria-labelledby="job-payload">
        <div className="mb-2 flex items-center justify-between">
          <h3 id="job-payload" className="font-medium">
            {t('jobs.payload')}
          </h3>
          <CopyButton text={payload} label={t('common.copy')} />
        </div>
        <pre className="rounded-lg border bg-subtle/50 px-3 py-2.5 font-mono text-xs leading-5 break-all whitespace-pre-wrap">
          {payload}
        </pre>
      </section>
    </DialogBody>
  );
}

function JobActions({ job, onClose }: { job: Job; onClose: () => void }) {
  const retry = useRetryJob();
  const cancel = useCancelJob();
  const [asked, setAsked] = useState<'retry' | 'cancel' | null>(null);
  const close = (open: boolean) => !open && setAsked(null);
  return (
    <>
      {(canRetry(job) || canCancel(job)) && (
        <DialogFooter>
          {canCancel(job) && (
            <Button className="text-danger" onClick={() => setAsked('cancel')}>
              <Ban aria-hidden />
              {t('jobs.cancel')}
            </Button>
          )}
          {canRetry(job) && (
            <Button variant="primary" onClick={() => setAsked('retry')}>
              <RotateCcw aria-hidden />
              {t('jobs.retry')}
            </Button>
          )}
        </DialogFooter>
      )}
      <ConfirmDelete
        open={asked === 'retry'}
        onOpenChange={close}
        title={t('jobs.retryTitle')}
        consequence={t('jobs.retryConsequence')}
        action={t('jobs.retry')}
        onConfirm={async () => {
          await retry.mutateAsync(job.id);
          toast.success(t('jobs.retriedToast', { handler: job.handler }));
        }}
      />
      <ConfirmDelete
        open={asked === 'cancel'}
        onOpenChange={close}
        title={t('jobs.cancelTitle')}
        consequence={t('jobs.cancelConsequence')}
        action={t('jobs.cancel')}
        onConfirm={async () => {
          await cancel.mutateAsync(job.id);
          toast.success(t('jobs.cancelledToast', { handler: job.handler }));
          onClose();
        }}
      />
    </>
  );
}
