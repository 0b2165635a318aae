import { describe, expect, it } from 'vitest';
import { collectionName, fieldDrafts } from './field-draft';
import { plainName, readFileSchema, typeOfValues } from './file-schema';

const read = async (name: string, text: string) => {
  const found = await readFileSchema(new File([text], name));
  if ('fault' in found) throw new Error(found.fault);
  return { ...found, fields: found.fields.map((field) => `${field.name}: ${field.type}`), drafts: found.fields };
};

describe('the schema of a file', () => {
  it('is read from CSV', async () => {
    const csv =
      'First name,Zip,Price,Paid,Day,At,Mail,Site,id\n' +
      'Ann,01234,1.5,true,2026-01-31,2026-01-31 10:00:00,a@b.co,https://x.y,1\n' +
      '"Bob, jr",55,,false,2026-02-01,2026-01-31T10:00Z,c@d.org,http://z,2\n';
    const found = await read('New customers (2026).csv', csv);
    expect(found.name).toBe('new_customers_2026');
    expect(found.rows).toBe(2);
    expect(found.fields).toEqual([
      'first_name: text',
      'zip: text',
      'price: number',
      'paid: boolean',
      'day: date',
      'at: datetime',
      'mail: email',
      'site: url',
      'source_id: number',
    ]);
    expect(collectionName.safeParse(found.name).success).toBe(true);
    expect(fieldDrafts.safeParse(found.drafts).success).toBe(true);
  });

  it('is read from JSON and leaves out what every record has', async () => {
    const records = [
      { id: 'x', account_id: 'y', created_at: 'z', tags: ['a'], n: 1 },
      { id: 'x', account_id: 'y', created_at: 'z', n: 2, note: null },
    ];
    expect((await read('a.json', JSON.stringify({ records }))).fields).toEqual([
      'tags: json',
      'n: number',
      'note: text',
    ]);
    expect((await read('a.ndjson', '{"id":1}\n{"id":2}\n')).fields).toEqual(['source_id: number']);
    expect((await read('a.json', '[{"b":1}]')).name).toBe('a_records');
  });

  it('says why a file tells nothing', async () => {
    expect(await readFileSchema(new File(['{'], 'a.json'))).toHaveProperty('fault');
    expect(await readFileSchema(new File(['{"a":1}'], 'a.json'))).toHaveProperty('fault');
    expect(await readFileSchema(new File(['a;b\n1;2'], 'a.csv'))).toHaveProperty('fault');
    expect(await readFileSchema(new File(['a,a\n1,2'], 'a.csv'))).toHaveProperty('fault');
  });

  it('makes names that can be used', () => {
    expect(plainName('Größe (cm)')).toBe('gro_e_cm');
    expect(plainName('2nd try')).toBe('n_2nd_try');
    expect(plainName('§§')).toBe('field');
  });

  it('falls back to the type that takes all values', () => {
    expect(typeOfValues(['1', 'x'], true)).toBe('text');
    expect(typeOfValues([1, [2]], false)).toBe('json');
    expect(typeOfValues(['', null], true)).toBe('text');
    expect(typeOfValues(['1'], false)).toBe('text');
  });
});
