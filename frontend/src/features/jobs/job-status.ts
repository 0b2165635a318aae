import type { Job, JobStats } from '@/shared/api/types';
import { formatNumber, parseTime, t } from '@/shared/i18n';

/** Where a job can stand, in the order in which the page shows it. */
export const jobStatuses = ['pending', 'running', 'retrying', 'completed', 'dead'] as const;
export type JobStatus = (typeof jobStatuses)[number];

export function isJobStatus(word: string): word is JobStatus {
  return jobStatuses.some((status) => status === word);
}

/** Whether a job can be begun anew by hand. */
export function canRetry(job: Pick<Job, 'status'>): boolean {
  return job.status === 'dead';
}

/** Whether a job can be removed before it begins. */
export function canCancel(job: Pick<Job, 'status'>): boolean {
  return job.status === 'pending';
}

/** How many jobs have a status, or there are in all. */
export function countOf(stats: JobStats, status?: JobStatus): number {
  return status ? stats[status] : jobStatuses.reduce((sum, each) => sum + stats[each], 0);
}

/** A length of time in words. */
export function formatSeconds(seconds: number): string {
  if (seconds < 1) return t('jobs.milliseconds', { count: Math.round(seconds * 1000) });
  if (seconds < 60) return t('jobs.seconds', { count: formatNumber(Math.round(seconds * 10) / 10) });
  const whole = Math.round(seconds);
  return t('jobs.minutes', { minutes: formatNumber(Math.floor(whole / 60)), seconds: whole % 60 });
}

/** How long a completed job took, in seconds. */
export function secondsTaken(job: Pick<Job, 'started_at' | 'completed_at'>): number | undefined {
  const [start, end] = [job.started_at, job.completed_at].map((time) => (time ? parseTime(time) : null));
  return start && end ? Math.max(0, end.getTime() - start.getTime()) / 1000 : undefined;
}
