/** A text that is no JSON list, or that ends within one. */
export class NoList extends Error {}

/**
 * The texts of the elements of a JSON list that arrives in pieces: of the list that the text is, or of the one that
 * stands under `key` in an object. They are cut apart by their brackets and commas alone, so that a long list is never
 * held as a whole; whether each is JSON shows when it is parsed.
 */
export async function* jsonElements(pieces: AsyncIterable<string>, key: string): AsyncGenerator<string> {
  let depth = 0;
  /** Depth within the list, once it is found. */
  let within: number | null = null;
  let ended = false;
  let quoted = false;
  let escaped = false;
  /** The last text between quotes before the list is found: the name of what follows. */
  let name = '';
  /** The element that is being read, as far as former pieces had it; null between elements. */
  let element: string | null = null;

  for await (const piece of pieces) {
    let from = 0;
    const take = (end: number): string => {
      const text = (element ?? '') + piece.slice(from, end);
      element = null;
      return text;
    };
    for (let at = 0; at < piece.length; at += 1) {
      const unit = piece[at] ?? '';
      if (quoted) {
        if (escaped) escaped = false;
        else if (unit === '\\') escaped = true;
        else if (unit === '"') quoted = false;
        if (quoted && within === null) name += unit;
        continue;
      }
      if (/\s/.test(unit) || ended) continue;
      const opens = unit === '{' || unit === '[';
      if (within === null && unit === '[' && (depth === 0 || (depth === 1 && name === key))) {
        depth += 1;
        within = depth;
        continue;
      }
      if (within === null && depth === 0 && unit !== '{') throw new NoList();
      const between = within !== null && depth === within;
      if (between && (unit === ',' || unit === ']')) {
        if (element !== null) yield take(at);
      } else if (between && element === null) {
        element = '';
        from = at;
      }
      if (unit === '"') {
        quoted = true;
        name = '';
      } else if (opens) depth += 1;
      else if (unit === '}' || unit === ']') {
        depth -= 1;
        if (within !== null && depth < within) ended = true;
      } else if (unit === ',' && within === null) name = '';
    }
    if (element !== null) element += piece.slice(from);
  }
  if (!ended) throw new NoList();
}
