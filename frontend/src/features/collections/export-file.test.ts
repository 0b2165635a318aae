import { describe, expect, it } from 'vitest';
import { readExportFile } from './export-file';

const file = (collections: unknown) => JSON.stringify({ version: '1.0', collections });

describe('readExportFile', () => {
  it('tells what a file holds', () => {
    const read = readExportFile(
      file([
        { name: 'posts', schema: [{ name: 'title', type: 'text' }], rules: { list_rule: '' }, records: [{}, {}] },
        { name: 'tags', schema: [], rules: null },
      ]),
    );
    expect(read).toMatchObject({
      data: { version: '1.0' },
      collections: [
        { name: 'posts', fields: 1, records: 2, hasRules: true },
        { name: 'tags', fields: 0, records: undefined, hasRules: false },
      ],
    });
  });

  it.each([
    ['no JSON', '{', /not valid JSON/],
    ['another kind of file', '[]', /not a file/],
    ['a collection without schema', file([{ name: 'posts' }]), /not a file/],
    ['no collections', file([]), /no collections/],
  ])('refuses %s', (_what, text, fault) => {
    expect(readExportFile(text)).toMatchObject({ fault: expect.stringMatching(fault) as string });
  });
});
