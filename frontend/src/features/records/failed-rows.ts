import { textPieces } from '@/shared/lib/text-stream';
import type { RecordFault } from './import-lines';
import { type RecordFile, recordsOf } from './record-file';

/** Name of the column that tells why a row was left out. */
const REASON = 'import_error';

/** The rows of CSV as they are written, without their line breaks; empty lines are no rows. */
export async function* csvRowTexts(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let row = '';
  let quoted = false;
  for await (const piece of pieces) {
    let from = 0;
    for (let at = 0; at < piece.length; at += 1) {
      const unit = piece[at];
      // A doubled quote within a cell closes and opens it again.
      if (unit === '"') quoted = !quoted;
      if (quoted || unit !== '\n') continue;
      row = (row + piece.slice(from, at)).replace(/\r$/, '');
      from = at + 1;
      if (row !== '') yield row;
      row = '';
    }
    row += piece.slice(from);
  }
  if (row !== '') yield row;
}

const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;

/** Why a record was left out, in one line. */
function reasonOf({ details }: RecordFault): string {
  return details.map(({ field, message }) => (field ? `${field}: ${message}` : message)).join('; ');
}

/** The rows of a file that have faults, each with what is wrong with it, as a file of the same kind. */
export async function failedRows(source: RecordFile, faults: RecordFault[]): Promise<{ name: string; content: Blob }> {
  const reasons = new Map(faults.map((fault) => [fault.index, reasonOf(fault)]));
  const lines: string[] = [];
  let index = 0;
  const base = source.file.name.replace(/\.\w+$/, '');
  if (source.format === 'csv') {
    lines.push([...source.columns.map(({ name }) => cell(name)), REASON].join(','));
    for await (const row of csvRowTexts(textPieces(source.body.stream()))) {
      const reason = reasons.get(index);
      if (reason !== undefined) lines.push(`${row},${cell(reason)}`);
      index += 1;
    }
    return { name: `${base}-failed.csv`, content: new Blob([`${lines.join('\r\n')}\r\n`], { type: 'text/csv' }) };
  }
  for await (const record of recordsOf(source.file, source.lines)) {
    const reason = reasons.get(index);
    if (reason !== undefined) lines.push(JSON.stringify({ ...record, [REASON]: reason }));
    index += 1;
  }
  return { name: `${base}-failed.ndjson`, content: new Blob([`${lines.join('\n')}\n`]) };
}
