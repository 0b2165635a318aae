import type { en } from './en';
import { getLanguage, type Language, lookUp } from './language';

export { languages, setLanguage, useLanguage, type Language } from './language';

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
export type PluralKey = Paths<typeof en, { one: string; other: string }>;
type Values = Record<string, string | number>;

const byteUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;

/** The locale for numbers and times: the browser's own variety of the language, such as `en-GB`, else the language. */
function localeOf(language: Language): string {
  return navigator.languages.find((tag) => tag.toLowerCase().split('-')[0] === language) ?? language;
}

function makeFormats(language: Language) {
  const locale = localeOf(language);
  return {
    language,
    locale,
    plurals: new Intl.PluralRules(language),
    numbers: new Intl.NumberFormat(locale),
    dateTimes: new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }),
    utc: new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' }),
    dates: new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }),
    shortDates: new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' }),
  };
}

let made = makeFormats(getLanguage());

/** The formats of the language that is shown. */
function formats() {
  if (made.language !== getLanguage()) made = makeFormats(getLanguage());
  return made;
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
  const message = forms?.[formats().plurals.select(count)] ?? forms?.other ?? key;
  return fill(message, { count: formatNumber(count), ...values });
}

/** A number with the locale's separators. */
export function formatNumber(value: number): string {
  return formats().numbers.format(value);
}

/** An amount of bytes in the unit that suits it; units are steps of 1024, as in the server's messages. */
export function formatBytes(bytes: number): string {
  const step = bytes > 0 ? Math.min(Math.floor(Math.log2(bytes) / 10), byteUnits.length - 1) : 0;
  return new Intl.NumberFormat(formats().locale, {
    style: 'unit',
    unit: byteUnits[step],
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: step === 0 ? 0 : 1,
  }).format(bytes / 1024 ** step);
}

const durationUnits = [
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3600 },
  { unit: 'minute', seconds: 60 },
  { unit: 'second', seconds: 1 },
] as const;

/** A span of time in its two largest units, such as 3 days 4 hours. */
export function formatDuration(seconds: number): string {
  let rest = Math.max(0, Math.floor(seconds));
  const first = durationUnits.findIndex((entry) => rest >= entry.seconds);
  const from = first === -1 ? durationUnits.length - 1 : first;
  return durationUnits
    .slice(from, from + 2)
    .map(({ unit, seconds: length }) => {
      const amount = Math.floor(rest / length);
      rest -= amount * length;
      return { unit, amount };
    })
    .filter(({ amount }, index) => amount > 0 || index === 0)
    .map(({ unit, amount }) =>
      new Intl.NumberFormat(formats().locale, { style: 'unit', unit, unitDisplay: 'long' }).format(amount),
    )
    .join(' ');
}

/** Reads a time of the API; one without zone is UTC. Null when it is no time. */
export function parseTime(value: string): Date | null {
  const zoned = /(Z|[+-]\d\d:?\d\d)$/i.test(value) || !/\d[T ]\d/.test(value) ? value : `${value}Z`;
  const time = new Date(zoned.replace(' ', 'T'));
  return Number.isNaN(time.getTime()) ? null : time;
}

/** A time in the reader's zone; the text itself when it is no time. */
export function formatDateTime(value: string): string {
  const time = parseTime(value);
  return time ? formats().dateTimes.format(time) : value;
}

/** A time in UTC, to the second; the text itself when it is no time. */
export function formatUtc(value: string): string {
  const time = parseTime(value);
  return time ? `${formats().utc.format(time)} UTC` : value;
}

/** A calendar day (`YYYY-MM-DD`), the same in every zone. */
export function formatDate(value: string): string {
  const time = parseTime(value);
  return time ? formats().dates.format(time) : value;
}

/** A calendar day without its year, for the axis of a chart. */
export function formatShortDate(value: string): string {
  const time = parseTime(value);
  return time ? formats().shortDates.format(time) : value;
}
