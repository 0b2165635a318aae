import { describe, expect, it } from 'vitest';
import { indexableFields, indexDraft, indexDrafts, indexInput } from './index-draft';

describe('indexes', () => {
  it('come back as they were', () => {
    for (const index of [
      { name: 'by_day', fields: ['day', '-price'], unique: true },
      { fields: ['a'], unique: false },
    ]) {
      expect(indexInput(indexDraft(index))).toEqual(index);
    }
  });

  it('need fields, each once, and a name of letters', () => {
    const draft = (name: string, ...fields: string[]) => indexDraft({ name, fields, unique: false });
    const faults = (...drafts: ReturnType<typeof draft>[]) =>
      indexDrafts.safeParse(drafts).error?.issues.map((issue) => issue.path.join('.')) ?? [];
    expect(faults(draft('', 'a', '-b'))).toEqual([]);
    expect(faults(draft('no way', 'a'), draft(''), draft('', 'a', '-a'))).toEqual(['0.name', '1.columns', '2.columns']);
    expect(faults(...Array.from({ length: 17 }, () => draft('', 'a')))).toEqual(['']);
  });

  it('are over stored fields that have an order', () => {
    const schema = [
      { name: 'a', type: 'text' },
      { name: 'b', type: 'json' },
      { name: 'c', type: 'computed' },
    ];
    expect(indexableFields(schema)).toEqual(['a', 'created_at', 'updated_at', 'created_by']);
  });
});
