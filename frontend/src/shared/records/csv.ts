/** Rows of a CSV text. */
export interface CsvRows {
  rows: string[][];
  /** Where the first row ends, its line break included. */
  firstEnd: number;
}

/**
 * The first rows of a CSV text (RFC 4180): cells in quotes may hold commas, line breaks and doubled quotes. Empty
 * lines are no rows. A row that the text ends within is kept as far as it goes.
 */
export function csvRows(text: string, most: number): CsvRows {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = '';
  let quoted = false;
  let firstEnd = 0;
  let at = text.startsWith('\uFEFF') ? 1 : 0;

  const endCell = () => {
    row.push(cell);
    cell = '';
  };
  const endRow = () => {
    endCell();
    if (row.length > 1 || row[0] !== '') rows.push(row);
    if (rows.length === 1 && firstEnd === 0) firstEnd = at + 1;
    row = [];
  };

  for (; at < text.length && rows.length < most; at += 1) {
    const character = text[at] ?? '';
    if (quoted) {
      if (character !== '"') cell += character;
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (character === '"' && cell === '') quoted = true;
    else if (character === ',') endCell();
    else if (character === '\n') endRow();
    else if (character !== '\r' || text[at + 1] !== '\n') cell += character;
  }
  if (rows.length < most && (cell !== '' || row.length > 0)) endRow();
  return { rows, firstEnd };
}
