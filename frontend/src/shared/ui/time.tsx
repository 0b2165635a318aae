import { formatDateTime, formatUtc, parseTime } from '@/shared/i18n';

/** A time of the API in the reader's zone; in UTC to the second when pointed at. */
export function Time({ value, className }: { value: string; className?: string }) {
  return (
    <time className={className} dateTime={parseTime(value)?.toISOString() ?? value} title={formatUtc(value)}>
      {formatDateTime(value)}
    </time>
  );
}
