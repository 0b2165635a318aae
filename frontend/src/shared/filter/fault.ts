import { readTokens, type Token } from './tokens';

/** Where a filter is wrong: UTF-16 offsets, `end` after the last one. */
export interface Place {
  start: number;
  end: number;
}

/** The server counts characters; a character outside of the basic plane is two units of the text. */
function unitsBefore(text: string, characters: number): number {
  return [...text].slice(0, characters).join('').length;
}

function tokensOf(text: string): Token[] {
  try {
    return readTokens(text);
  } catch {
    return [];
  }
}

/** What the server's message is about, found in the text that it refused: a position, or a name. */
export function faultPlace(text: string, message: string): Place | null {
  const position = /position (\d+)/.exec(message)?.[1];
  if (position !== undefined) {
    const start = unitsBefore(text, Number(position));
    const token = tokensOf(text).find((candidate) => candidate.start === start && candidate.kind !== 'end');
    return { start, end: token?.end ?? Math.min(text.length, start + 1) };
  }
  const operator = /^Operator '([^']+)'.*? for (?:masked )?field '([^']+)'/.exec(message);
  const name =
    operator?.[2] ??
    /^(?:Field|Unknown function|Unknown macro) '([^']+)'/.exec(message)?.[1] ??
    /: '(@[^']+)'/.exec(message)?.[1];
  if (name === undefined) return null;
  const tokens = tokensOf(text);
  const index = tokens.findIndex((token) => token.kind === 'name' && token.value.toLowerCase() === name.toLowerCase());
  const found = tokens[index];
  if (!found) return null;
  // An operator that does not suit is the word after the field.
  const wrong = operator ? (tokens[index + 1] ?? found) : found;
  return { start: wrong.start, end: wrong.end };
}
