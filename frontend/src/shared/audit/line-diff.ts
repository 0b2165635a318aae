/** A line of a comparison: in both texts, only in the old or only in the new one. */
export interface DiffLine {
  kind: 'same' | 'removed' | 'added';
  text: string;
}

/** Beyond so many pairs of lines the texts are shown one after the other instead of compared. */
const MOST_PAIRS = 250_000;

/** A text as lines; JSON objects and lists are laid out one value a line. */
export function linesOf(value: string): string[] {
  if (/^\s*[[{]/.test(value)) {
    try {
      return JSON.stringify(JSON.parse(value), null, 2).split('\n');
    } catch {
      // A text that only begins like JSON.
    }
  }
  return value.split('\n');
}

/** Compares two texts line by line, by their longest common subsequence; null has no lines. */
export function lineDiff(before: string | null, after: string | null): DiffLine[] {
  const old = before === null ? [] : linesOf(before);
  const now = after === null ? [] : linesOf(after);
  const removed = (text: string): DiffLine => ({ kind: 'removed', text });
  const added = (text: string): DiffLine => ({ kind: 'added', text });
  if (old.length * now.length > MOST_PAIRS) return [...old.map(removed), ...now.map(added)];

  // length[i][j]: lines that old from i and now from j have in common, in order.
  const length = Array.from({ length: old.length + 1 }, () => new Array<number>(now.length + 1).fill(0));
  const at = (i: number, j: number) => length[i]?.[j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1) {
    const row = length[i] ?? [];
    for (let j = now.length - 1; j >= 0; j -= 1) {
      row[j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length && j < now.length) {
    const text = old[i] ?? '';
    if (text === now[j]) {
      lines.push({ kind: 'same', text });
      i += 1;
      j += 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) {
      lines.push(removed(text));
      i += 1;
    } else {
      lines.push(added(now[j] ?? ''));
      j += 1;
    }
  }
  return [...lines, ...old.slice(i).map(removed), ...now.slice(j).map(added)];
}
