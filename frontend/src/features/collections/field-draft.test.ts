import { describe, expect, it } from 'vitest';
import type { FieldDefinition } from '@/shared/api/types';
import {
  collectionName,
  draftOf,
  emptyDraft,
  type FieldDraft,
  fieldDrafts,
  fieldInput,
  parseDefault,
} from './field-draft';

const draft = (changes: Partial<FieldDraft>): FieldDraft => ({ ...emptyDraft(), name: 'a', ...changes });

/** The faults of drafts as `index.key: message`. */
function faults(...drafts: FieldDraft[]): string[] {
  const result = fieldDrafts.safeParse(drafts);
  return result.success ? [] : result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
}

describe('fieldDrafts', () => {
  it('accepts a good schema', () => {
    expect(
      faults(
        draft({ name: 'title' }),
        draft({ name: 'city', type: 'reference', collection: 'cities' }),
        draft({ name: 'label', type: 'computed', expression: 'upper(title)' }),
      ),
    ).toEqual([]);
  });

  it.each([
    [draft({ name: '' }), '0.name: Fill this in.'],
    [draft({ name: '1a' }), expect.stringContaining('0.name: Begin with a letter')],
    [draft({ name: 'Created_At' }), '0.name: “Created_At” is a system field.'],
    [draft({ name: 'account_name' }), expect.stringContaining('system field')],
    [draft({ type: 'reference' }), expect.stringContaining('0.collection')],
    [
      draft({ type: 'reference', collection: 'c', onDelete: 'set_null', required: true }),
      expect.stringContaining('0.onDelete'),
    ],
    [draft({ type: 'computed', expression: ' ' }), expect.stringContaining('0.expression')],
    [draft({ type: 'number', defaultText: 'x' }), '0.defaultText: This is no value of the type Number.'],
    [draft({ type: 'json', defaultText: '{' }), expect.stringContaining('0.defaultText')],
  ])('refuses %j', (value, fault) => {
    expect(faults(value)).toEqual([fault]);
  });

  it('compares names without regard to case', () => {
    expect(faults(draft({ name: 'title' }), draft({ name: 'Title' }))).toEqual([
      '1.name: Another field has this name.',
    ]);
  });

  it('wants at least one field and at most ten computed ones', () => {
    expect(faults()).toHaveLength(1);
    const computed = Array.from({ length: 11 }, (_, index) =>
      draft({ name: `c${index}`, type: 'computed', expression: 'a' }),
    );
    expect(faults(...computed)).toEqual(['10.type: At most 10 computed fields are possible.']);
  });
});

describe('fieldInput', () => {
  it('gives a file no default but the one that is stored', () => {
    const file = draft({ type: 'file', defaultText: 'typed for another type' });
    expect(fieldInput(file)).toMatchObject({ type: 'file', default: null });
    const stored = { name: 'a', type: 'file', default: '{"path": "x"}' } as unknown as FieldDefinition;
    expect(fieldInput(file, stored).default).toBe('{"path": "x"}');
  });

  it('sends for each type only what it can have', () => {
    expect(fieldInput(draft({ type: 'computed', expression: ' upper(a) ', required: true, unique: true }))).toEqual({
      name: 'a',
      type: 'computed',
      options: null,
      pii: false,
      mask_type: null,
      expression: 'upper(a)',
      return_type: 'text',
    });
    expect(fieldInput(draft({ type: 'number', defaultText: '1.5', collection: 'x' }))).toMatchObject({ default: 1.5 });
    expect(fieldInput(draft({ type: 'text', collection: 'x' }))).not.toHaveProperty('collection');
    expect(fieldInput(draft({ pii: true, maskType: 'email' }))).toMatchObject({ pii: true, mask_type: 'email' });
  });

  it('keeps what the builder does not edit', () => {
    const stored = {
      name: 'a',
      type: 'text',
      options: { hint: 1 },
      default: null,
      pii: false,
    } as unknown as FieldDefinition;
    expect(fieldInput(draftOf({ ...stored, required: true, unique: false } as FieldDefinition), stored)).toMatchObject({
      options: { hint: 1 },
      required: true,
      default: null,
    });
  });
});

describe('defaults', () => {
  it.each([
    ['boolean', 'false', false],
    ['json', '{"a":1}', { a: 1 }],
    ['text', '5', '5'],
    ['number', '', null],
  ] as const)('%s %j', (type, text, value) => {
    expect(parseDefault(type, text)).toEqual(value);
  });
});

describe('collectionName', () => {
  it.each([
    ['posts', true],
    ['ab', false],
    ['9posts', false],
    ['pösts', false],
    ['a'.repeat(65), false],
  ])('%j', (name, good) => {
    expect(collectionName.safeParse(name).success).toBe(good);
  });
});

describe('searchable', () => {
  const stored = { name: 'a', type: 'text', options: { hint: 1, searchable: true } } as unknown as FieldDefinition;

  it('is one of the options, beside those the builder does not know', () => {
    const shown = draftOf(stored);
    expect(shown.searchable).toBe(true);
    expect(fieldInput(shown, stored).options).toEqual({ hint: 1, searchable: true });
    expect(fieldInput({ ...shown, searchable: false }, stored).options).toEqual({ hint: 1 });
  });

  it('is left out for types that have no words', () => {
    expect(fieldInput(draft({ type: 'number', searchable: true })).options).toBeNull();
  });
});
