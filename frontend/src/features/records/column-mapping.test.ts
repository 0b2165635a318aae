import { describe, expect, it } from 'vitest';
import type { FieldDefinition } from '@/shared/api/types';
import { doubledFields, guessMapping, importedTypes, mapped, uncoveredFields } from './column-mapping';

const field = (name: string, part: Partial<FieldDefinition> = {}) =>
  ({ name, type: 'text', required: false, default: null, ...part }) as FieldDefinition;
const schema = [
  field('first_name', { required: true }),
  field('name'),
  field('age', { type: 'number', required: true, default: 1 }),
  field('label', { type: 'computed', required: true }),
  field('photo', { type: 'file' }),
];

describe('guessMapping', () => {
  it('prefers the exact name and allows for case and separators', () => {
    expect(guessMapping(['First Name', 'AGE', 'name', 'Name', 'id'], schema)).toEqual({
      'First Name': 'first_name',
      AGE: 'age',
      name: 'name',
      Name: '',
      id: '',
    });
  });

  it('offers no field that cannot be filled', () => {
    expect(guessMapping(['label', 'photo'], schema)).toEqual({ label: '', photo: '' });
  });
});

describe('what a mapping misses', () => {
  it('names required fields without value', () => {
    expect(uncoveredFields({ x: 'name' }, schema.slice(0, 3))).toEqual(['first_name']);
    expect(uncoveredFields({ x: 'first_name' }, schema.slice(0, 3))).toEqual([]);
  });

  it('names fields that are filled twice', () => {
    expect(doubledFields({ a: 'name', b: 'name', c: '', d: '' })).toEqual(['name']);
  });
});

describe('mapped', () => {
  it('renames what is mapped and leaves out the rest', () => {
    const types = importedTypes(schema);
    expect(mapped({ Name: 5, id: 7 }, { Name: 'name', id: '' }, types)).toEqual({ name: '5' });
  });
});
