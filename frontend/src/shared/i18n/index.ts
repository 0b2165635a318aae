import { en } from './en';

type Plural = { one: string; other: string };
type Paths<T, Leaf, Prefix extends string = ''> = {
  [K in keyof T & string]: T[K] extends Leaf
    ? `${Prefix}${K}`
    : T[K] extends string
      ? never
      : Paths<T[K], Leaf, `${Prefix}${K}.`>;
}[keyof T & string];

/** Key of a message without plural forms. */
export type MessageKey = Paths<typeof en, string>;
/** Key of a message with plural forms. */
export type PluralKey = Paths<typeof en, Plural>;
type Values = Record<string, string | number>;

/** Languages with a complete catalogue. */
export const locale = 'en';
const plurals = new Intl.PluralRules(locale);

function lookUp(key: string): unknown {
  let node: unknown = en;
  for (const part of key.split('.')) node = (node as Record<string, unknown> | undefined)?.[part];
  return node;
}

function fill(message: string, values?: Values): string {
  if (!values) return message;
  return message.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The message of a key in the present language, with `{name}` replaced by `values.name`. */
export function t(key: MessageKey, values?: Values): string {
  const message = lookUp(key);
  return typeof message === 'string' ? fill(message, values) : key;
}

/** Like {@link t} for a key with plural forms; `{count}` is the number in the locale's writing. */
export function tn(key: PluralKey, count: number, values?: Values): string {
  const forms = lookUp(key) as Record<string, string> | undefined;
  const message = forms?.[plurals.select(count)] ?? forms?.other ?? key;
  return fill(message, { count: formatNumber(count), ...values });
}

const numbers = new Intl.NumberFormat(locale);

/** A number with the locale's separators. */
export function formatNumber(value: number): string {
  return numbers.format(value);
}

const byteUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** An amount of bytes in the unit that suits it; units are steps of 1024, as in the server's messages. */
export function formatBytes(bytes: number): string {
  const step = bytes > 0 ? Math.min(Math.floor(Math.log2(bytes) / 10), byteUnits.length - 1) : 0;
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: byteUnits[step],
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: step === 0 ? 0 : 1,
  }).format(bytes / 1024 ** step);
}

const dateTimes = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const dates = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' });

/** Reads a time of the API; one without zone is UTC. Null when it is no time. */
export function parseTime(value: string): Date | null {
  const zoned = /(Z|[+-]\d\d:?\d\d)$/i.test(value) || !/\d[T ]\d/.test(value) ? value : `${value}Z`;
  const time = new Date(zoned.replace(' ', 'T'));
  return Number.isNaN(time.getTime()) ? null : time;
}

/** A time in the reader's zone; the text itself when it is no time. */
export function formatDateTime(value: string): string {
  const time = parseTime(value);
  return time ? dateTimes.format(time) : value;
}

/** A calendar day (`YYYY-MM-DD`), the same in every zone. */
export function formatDate(value: string): string {
  const time = parseTime(value);
  return time ? dates.format(time) : value;
}
