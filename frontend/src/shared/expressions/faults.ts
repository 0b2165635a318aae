import { t } from '@/shared/i18n';
import { tokensOf } from './tokens';

/** Something wrong with a stretch of code. */
export interface CodeFault {
  from: number;
  to: number;
  severity: 'error' | 'warning';
  message: string;
}

/** The place in JavaScript's counting of a character that the server counted. */
function place(code: string, character: number): number {
  return [...code].slice(0, character).join('').length;
}

/** The name that a message is about: the first in quotes, or that of a call. */
function nameIn(message: string): string | undefined {
  const unit = /unit '([^']*)'/.exec(message);
  return unit?.[1] ?? /'(@?[^']+)'/.exec(message)?.[1] ?? /^(@?\w+)\(\)/.exec(message)?.[1];
}

/** Where in the code the message of a refusal belongs: the token at its position or with its name, else all of it. */
function rangeOf(code: string, message: string): { from: number; to: number } {
  const tokens = tokensOf(code);
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position !== undefined) {
    const at = place(code, Number(position));
    const token = tokens.find(({ from, to }) => from <= at && at < to) ?? tokens.at(-1);
    return token ? { from: token.from, to: token.to } : { from: 0, to: code.length };
  }
  const name = nameIn(message)?.toLowerCase();
  const token = tokens.find(({ text }) => {
    const found = text.toLowerCase();
    return found === name || found === `"${name}"` || found === `'${name}'`;
  });
  return token ? { from: token.from, to: token.to } : { from: 0, to: code.length };
}

/** A message in plain words where the server speaks of tokens; without what the underline and suggestions show. */
function brief(message: string, found: string): string {
  const plain = message
    .replace(/ Available fields: .*$/s, '')
    .replace(/ Supported functions: .*$/s, '')
    .replace(/,? at position \d+/, '');
  if (/(?:Unexpected token: EOF|found EOF)$/.test(plain)) return t('expressions.endsEarly');
  if (plain.startsWith('Unexpected token after expression')) return t('expressions.goesOn', { found });
  if (/^(?:Unexpected token: |Expected )/.test(plain)) return t('expressions.unexpected', { found });
  return plain.startsWith('Unterminated string') ? t('expressions.openQuote') : plain;
}

/** The faults that a refusal of an expression tells, each at its place. */
export function faultsOf(code: string, refusal: string): CodeFault[] {
  return refusal
    .replace(/^Invalid expression syntax: /, '')
    .split(/; (?=[A-Z@\w])/)
    .map((message) => {
      const range = rangeOf(code, message);
      return { ...range, severity: 'error', message: brief(message, code.slice(range.from, range.to)) };
    });
}
