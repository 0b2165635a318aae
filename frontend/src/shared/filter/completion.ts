import type { FilterField } from './fields';

/** The part of a field's name that ends at the cursor, and where it begins. */
export interface PartialName {
  text: string;
  start: number;
}

/** Whether the place is within quotation marks. */
function isWithinText(before: string): boolean {
  let quote = '';
  for (let at = 0; at < before.length; at += 1) {
    const character = before[at] ?? '';
    if (quote) {
      if (character === '\\') at += 1;
      else if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
  }
  return quote !== '';
}

/** The name that is being typed at the cursor; null within a text, a number, or where none has begun. */
export function nameAt(text: string, cursor: number): PartialName | null {
  const before = text.slice(0, cursor);
  if (isWithinText(before)) return null;
  const name = /[\p{Alphabetic}_][\p{Alphabetic}\p{N}_.]*$/u.exec(before)?.[0];
  if (name === undefined) return null;
  const start = cursor - name.length;
  return /[@\d]/.test(text[start - 1] ?? '') ? null : { text: name, start };
}

const MOST = 8;

/** The fields whose names begin with what is typed, then those that contain it. */
export function completions(fields: FilterField[], typed: string): FilterField[] {
  const wanted = typed.toLowerCase();
  const found = fields.filter(({ path }) => path.toLowerCase().includes(wanted) && path.toLowerCase() !== wanted);
  const begins = (field: FilterField) => field.path.toLowerCase().startsWith(wanted);
  // Names behind a reference wait until the reference is typed.
  const near = found.filter(
    ({ path }) => typed.includes('.') || !path.includes('.') || begins({ path } as FilterField),
  );
  return [...near.filter(begins), ...near.filter((field) => !begins(field))].slice(0, MOST);
}
