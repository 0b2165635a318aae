/** The words of the filter language with their places in the text, in UTF-16 units. */
export type TokenKind = 'number' | 'text' | 'boolean' | 'null' | 'name' | 'symbol' | 'end';

export interface Token {
  kind: TokenKind;
  /** What is written, or, of a text, what it stands for. */
  value: string;
  start: number;
  end: number;
}

/** A text that is no filter; `position` is where it goes wrong. */
export class FilterSyntaxError extends Error {
  override readonly name = 'FilterSyntaxError';

  constructor(readonly position: number) {
    super(`unexpected at ${position}`);
  }
}

const symbols = [
  '?!=',
  '@@',
  '!=',
  '!~',
  '<=',
  '>=',
  '?=',
  '&&',
  '||',
  '=',
  '!',
  '<',
  '>',
  '~',
  '+',
  '-',
  '*',
  '/',
  '%',
  '(',
  ')',
  ',',
];
const wordStart = /[\p{Alphabetic}_@]/u;
const word = /[\p{Alphabetic}\p{N}_.@]+/uy;
const number = /\d+(\.\d*)?/y;

function readText(source: string, start: number): Token {
  const quote = source[start];
  let value = '';
  for (let at = start + 1; at < source.length; at += 1) {
    const character = source[at] ?? '';
    if (character === quote) return { kind: 'text', value, start, end: at + 1 };
    const next = source[at + 1] ?? '';
    if (character === '\\' && (next === '"' || next === "'" || next === '\\')) {
      value += next;
      at += 1;
    } else value += character;
  }
  throw new FilterSyntaxError(source.length);
}

function matchAt(pattern: RegExp, source: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0] ?? '';
}

function wordKind(written: string): TokenKind {
  const lower = written.toLowerCase();
  if (lower === 'true' || lower === 'false') return 'boolean';
  return lower === 'null' ? 'null' : 'name';
}

function readToken(source: string, start: number): Token {
  const character = source[start] ?? '';
  if (character === '"' || character === "'") return readText(source, start);
  if (/\d/.test(character)) {
    const value = matchAt(number, source, start);
    return { kind: 'number', value, start, end: start + value.length };
  }
  if (wordStart.test(character) && !source.startsWith('@@', start)) {
    const value = matchAt(word, source, start).replace(/@@.*$/s, '');
    return { kind: wordKind(value), value, start, end: start + value.length };
  }
  const value = symbols.find((symbol) => source.startsWith(symbol, start));
  if (value === undefined) throw new FilterSyntaxError(start);
  return { kind: 'symbol', value, start, end: start + value.length };
}

/** All tokens of a text; the last one is its end. Throws a {@link FilterSyntaxError}. */
export function readTokens(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    while (/\s/.test(source[at] ?? '')) at += 1;
    if (at >= source.length) break;
    const token = readToken(source, at);
    tokens.push(token);
    at = token.end;
  }
  return [...tokens, { kind: 'end', value: '', start: source.length, end: source.length }];
}
