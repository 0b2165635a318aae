import { formatDateTime, parseTime } from '@/shared/i18n';

/** A time as people in one office write it down for those in another one. */
function utc(value: string): string {
  const time = parseTime(value);
  return time ? `${time.toISOString().slice(0, 19).replace('T', ' ')} UTC` : value;
}

/** A time in the reader's zone, with the one in UTC on hover. */
export function Time({ value, className }: { value: string; className?: string }) {
  return (
    <time dateTime={value} title={utc(value)} className={className}>
      {formatDateTime(value)}
    </time>
  );
}
