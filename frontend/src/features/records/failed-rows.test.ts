import { describe, expect, it } from 'vitest';
import { csvRowTexts, failedRows } from './failed-rows';
import { type RecordFile, readRecordFile } from './record-file';

const read = async (name: string, text: string) => (await readRecordFile(new File([text], name))) as RecordFile;
const faults = [
  { index: 1, details: [{ field: 'price', message: 'Expected "number"' }] },
  { index: 2, details: [{ message: 'Too long' }] },
];

describe('failedRows', () => {
  it('gives rows of CSV as they were, with the reason', async () => {
    const file = await read('tea.csv', '\uFEFFtitle,price\r\nTea,3\r\n\r\n"Green,\r\n""best""",x\r\nMate,4\r\n');
    const { name, content } = await failedRows(file, faults);
    expect(name).toBe('tea-failed.csv');
    expect(await content.text()).toBe(
      '"title","price",import_error\r\n"Green,\r\n""best""",x,"price: Expected ""number"""\r\nMate,4,"Too long"\r\n',
    );
  });

  it('gives records of JSON as lines', async () => {
    const { name, content } = await failedRows(await read('tea.json', '[{"a":1},{"a":2},{"a":3}]'), faults.slice(0, 1));
    expect(name).toBe('tea-failed.ndjson');
    expect(await content.text()).toBe('{"a":2,"import_error":"price: Expected \\"number\\""}\n');
  });

  it('finds rows wherever the text is cut', async () => {
    async function* pieces() {
      for (const piece of ['a,"b', '\n', 'c"', '\r', '\nd,e']) yield await Promise.resolve(piece);
    }
    const rows: string[] = [];
    for await (const row of csvRowTexts(pieces())) rows.push(row);
    expect(rows).toEqual(['a,"b\nc"', 'd,e']);
  });
});
