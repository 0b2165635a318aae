import { describe, expect, it } from 'vitest';
import { jsonElements, NoList } from './json-elements';

/** The elements of a text, read in pieces of a length. */
async function elements(text: string, length = 1000): Promise<string[]> {
  async function* pieces() {
    for (let at = 0; at < text.length; at += length) yield await Promise.resolve(text.slice(at, at + length));
  }
  const found: string[] = [];
  for await (const element of jsonElements(pieces(), 'records')) found.push(element.trim());
  return found;
}

const list = '[ {"a":"x,]\\"}[", "b":[1,{"c":2}]} ,\n{"a":2}, 3, "t" ]';
const cut = ['{"a":"x,]\\"}[", "b":[1,{"c":2}]}', '{"a":2}', '3', '"t"'];

describe('jsonElements', () => {
  it.each([1, 2, 3, 7, 1000])('cuts a list apart that comes in pieces of %i', async (length) => {
    expect(await elements(list, length)).toEqual(cut);
    expect(await elements(`{"collection":"posts","count":4,"x":["no"],"records": ${list},"y":[1]}`, length)).toEqual(
      cut,
    );
  });

  it('finds nothing in an empty list', async () => {
    expect(await elements(' [ ] ')).toEqual([]);
  });

  it('asks for nothing after the list', async () => {
    expect(await elements('{"records":[1]')).toEqual(['1']);
  });

  it.each(['', '3', '"text"', '{"items":[1]}', '{"a":{"records":[1]}}', '[{"a":1}'])('refuses %j', async (text) => {
    await expect(elements(text)).rejects.toThrow(NoList);
  });
});
