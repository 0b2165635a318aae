/** What a stretch of code is, for colours and for reading it. */
export type TokenKind =
  | 'field'
  | 'variable'
  | 'macro'
  | 'function'
  | 'keyword'
  | 'text'
  | 'number'
  | 'operator'
  | 'punctuation'
  | 'comment'
  | 'invalid';

/** A stretch of code; offsets count as JavaScript counts. */
export interface Token {
  kind: TokenKind;
  from: number;
  to: number;
  text: string;
}

const PATTERN =
  /(?<text>"(?:\\["'\\]|[^"])*"?|'(?:\\["'\\]|[^'])*'?)|(?<number>\d+(?:\.\d*)?)|(?<operator>@@|\?!=|\?=|!=|!~|<=|>=|&&|\|\||[=<>~!+\-*/%])|(?<name>[\p{L}_@](?:(?!@@)[\p{L}\p{N}_.@])*)|(?<punctuation>[(),])|(?<blank>\s+)|(?<invalid>.)/gsuy;

const KEYWORDS = new Set(['true', 'false', 'null', 'in', 'is', 'not']);

const closed = (text: string) => /^(["'])(?:\\["'\\]|(?!\1)[^])*\1$/u.test(text) && text.length > 1;

function nameKind(name: string, called: boolean): TokenKind {
  if (name.startsWith('@request.')) return 'variable';
  if (name.startsWith('@')) return 'macro';
  if (KEYWORDS.has(name.toLowerCase())) return 'keyword';
  return called ? 'function' : 'field';
}

/** The tokens of a rule, a filter or the expression of a computed field, without the blanks between them. */
export function tokensOf(code: string): Token[] {
  const tokens: Token[] = [];
  for (const match of code.matchAll(PATTERN)) {
    const text = match[0];
    const groups = match.groups ?? {};
    if (groups.blank !== undefined) continue;
    const from = match.index;
    const to = from + text.length;
    let kind: TokenKind = 'invalid';
    if (groups.text !== undefined) kind = closed(text) ? 'text' : 'invalid';
    else if (groups.number !== undefined) kind = 'number';
    else if (groups.operator !== undefined) kind = 'operator';
    else if (groups.name !== undefined) kind = nameKind(text, /^\s*\(/.test(code.slice(to)));
    else if (groups.punctuation !== undefined) kind = 'punctuation';
    tokens.push({ kind, from, to, text });
  }
  return tokens;
}

/** The text that a quoted token stands for. */
export function unquoted(token: string): string {
  return token.slice(1, -1).replace(/\\(["'\\])/g, '$1');
}
