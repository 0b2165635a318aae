import type { Token, TokenKind } from '@/shared/expressions/tokens';

const PATTERN =
  /(?<comment>--[^\n]*|\/\*[^]*?(?:\*\/|$))|(?<text>'(?:[^']|'')*'?)|(?<field>"(?:[^"]|"")*"?)|(?<variable>:[A-Za-z_]\w*|@[\w.]+|\$\d+)|(?<number>\d+(?:\.\d+)?)|(?<name>[A-Za-z_]\w*)|(?<operator>::|\|\||<>|!=|<=|>=|[=<>+\-*/%])|(?<punctuation>[(),.;])/gsuy;

const KEYWORDS = new Set(
  'all and as asc between by case cast cross current_timestamp desc distinct else end except exists false from full group having in inner intersect is join left like limit not null offset on or order outer over partition right select then true union using when where with'.split(
    ' ',
  ),
);

/** The tokens of a query, for colours: parameters (`:name`), words of the language, calls, literals, comments. */
export function sqlTokens(code: string): Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(PATTERN);
  for (let at = 0; at < code.length;) {
    pattern.lastIndex = at;
    const match = pattern.exec(code);
    if (!match) {
      at += 1;
      continue;
    }
    const text = match[0];
    const to = at + text.length;
    const group = Object.entries(match.groups ?? {}).find(([, found]) => found !== undefined)?.[0] ?? 'field';
    const called = /^\s*\(/.test(code.slice(to));
    const named: TokenKind = KEYWORDS.has(text.toLowerCase()) ? 'keyword' : called ? 'function' : 'field';
    tokens.push({ kind: group === 'name' ? named : (group as TokenKind), from: at, to, text });
    at = to;
  }
  return tokens;
}
