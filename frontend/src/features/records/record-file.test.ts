import { describe, expect, it } from 'vitest';
import { readRecordFile, recordsOf } from './record-file';

const read = (name: string, text: string) => readRecordFile(new File([text], name));

describe('readRecordFile', () => {
  it('shows columns of CSV with values of the first rows', async () => {
    expect(await read('a.csv', 'title,price\nTea,3\nMate,4\n')).toMatchObject({
      format: 'csv',
      columns: [
        { name: 'title', samples: ['Tea', 'Mate'], type: 'text' },
        { name: 'price', samples: ['3', '4'], type: 'number' },
      ],
    });
  });

  it('cuts the names off a CSV file, counted in bytes', async () => {
    const file = await read('a.csv', '\uFEFFGröße,"a, b"\r\n1,2\r\n');
    expect(file).toMatchObject({ columns: [{ name: 'Größe' }, { name: 'a, b' }] });
    expect('body' in file && (await file.body.text())).toBe('1,2\r\n');
  });

  it('takes a list, an export and lines of JSON', async () => {
    const records = [{ a: 1 }, { a: null, b: { c: 'x' } }];
    const columns = [
      { name: 'a', samples: ['1', 'null'], type: 'number' },
      { name: 'b', samples: ['', '{"c":"x"}'], type: 'json' },
    ];
    const lines = records.map((record) => JSON.stringify(record)).join('\n');
    for (const file of [
      await read('a.json', JSON.stringify(records)),
      await read('a.json', JSON.stringify({ collection: 'posts', records })),
      await read('a.ndjson', `${lines}\n`),
    ]) {
      expect(file).toMatchObject({ format: 'json', columns });
      if (!('format' in file) || file.format !== 'json') throw new Error('not read');
      const read: unknown[] = [];
      for await (const record of recordsOf(file.file, file.lines)) read.push(record);
      expect(read).toEqual(records);
    }
  });

  it.each([
    ['a.csv', 'title\n', /no records/],
    ['a.csv', 'a;b\n1;2\n', /semicolons/],
    ['a.csv', 'a,a\n1,2\n', /twice/],
    ['a.json', '{', /list of records/],
    ['a.json', '[{"a":1},{"a":}]', /^Record 2: Line 1, column 6/],
    ['a.ndjson', '{"a":1}\n{\n', /^Record 2: Line 1, column 2/],
    ['a.json', '[1]', /list of records/],
    ['a.json', '[]', /no records/],
  ])('says what is wrong with %s: %j', async (name, text, fault) => {
    expect(await read(name, text)).toMatchObject({ fault: expect.stringMatching(fault) as string });
  });
});
