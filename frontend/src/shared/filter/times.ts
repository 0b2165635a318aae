import { parseTime } from '@/shared/i18n';

const pad = (value: number) => String(value).padStart(2, '0');

/** An instant for a `datetime-local` control: in the reader's zone; empty when it is no time. */
export function localInput(literal: string): string {
  const time = parseTime(literal);
  if (!time) return '';
  const day = `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())}`;
  const clock = `${pad(time.getHours())}:${pad(time.getMinutes())}`;
  return time.getSeconds() === 0 ? `${day}T${clock}` : `${day}T${clock}:${pad(time.getSeconds())}`;
}

/** The instant that a `datetime-local` control means, in UTC; empty when it holds none. */
export function utcLiteral(local: string): string {
  const time = new Date(local);
  return local === '' || Number.isNaN(time.getTime()) ? '' : time.toISOString().replace('.000Z', 'Z');
}

/** A literal's instant as people read it, in UTC. */
export function readableUtc(literal: string): string {
  const time = parseTime(literal);
  return time
    ? time
        .toISOString()
        .replace('T', ' ')
        .replace(/(:00)?\.000Z$/, '')
    : literal;
}

/** The name of the reader's time zone. */
export const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;
