import { describe, expect, it } from 'vitest';
import { de } from './de';
import { en } from './en';

type Messages = Record<string, unknown>;

/** Key and text of every message; plural forms count as messages of their own. */
function flatten(messages: Messages, prefix = ''): [string, string][] {
  return Object.entries(messages).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [[prefix + key, value] as [string, string]]
      : flatten(value as Messages, `${prefix}${key}.`),
  );
}

const names = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

describe.each([['de', de as Messages]])('the catalogue %s', (_language, catalogue) => {
  const translated = new Map(flatten(catalogue));

  it('has every text', () => {
    expect(
      flatten(en)
        .map(([key]) => key)
        .filter((key) => !translated.get(key)),
    ).toEqual([]);
  });

  it('fills the same values into its texts', () => {
    const differing = flatten(en).filter(([key, text]) => {
      const other = translated.get(key);
      return other !== undefined && names(other).join() !== names(text).join();
    });
    expect(differing.map(([key]) => key)).toEqual([]);
  });
});
