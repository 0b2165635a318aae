/** The shapes that the server gives to personal data for callers who may not see it. */
const masks = [
  /^\*+$/,
  // An e-mail address keeps its first character and its domain.
  /^.\*{3}@[^@]+$/,
  // Digits of a number become stars, or all but the last four of a phone.
  /^\*{3}-\*{2}-\*{4}$/,
  /^(\+\d{1,3}-)?\*{3}-\*{3}-.{1,4}$/,
  // Of each word of a name, the first character stays.
  /^\S\*{3}( \S\*{3})*$/,
];

/** Whether a value looks like one that was masked. The API does not tell such callers which fields are. */
export function looksMasked(value: unknown): boolean {
  return typeof value === 'string' && masks.some((mask) => mask.test(value));
}
