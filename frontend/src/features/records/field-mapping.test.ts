import { describe, expect, it } from 'vitest';
import type { FieldDefinition, RecordRow } from '@/shared/api/types';
import {
  creationBody,
  duplicateValues,
  formValues,
  fromControl,
  fromLog,
  toControl,
  toLocalInput,
  updateBody,
} from './field-mapping';

function field(name: string, type: string, rest: Partial<FieldDefinition> = {}): FieldDefinition {
  return {
    name,
    type,
    required: false,
    default: null,
    unique: false,
    options: null,
    collection: null,
    on_delete: null,
    pii: false,
    mask_type: null,
    expression: null,
    return_type: null,
    ...rest,
  };
}

const schema = [
  field('title', 'text', { required: true }),
  field('price', 'number', { default: 5 }),
  field('ok', 'boolean'),
  field('at', 'datetime'),
  field('extras', 'json'),
  field('city', 'reference', { collection: 'cities' }),
  field('label', 'computed', { expression: 'upper(title)' }),
  field('photo', 'file'),
];

const record = {
  id: 'r1',
  title: 'Tea',
  price: 2.5,
  ok: true,
  at: '2026-01-02T03:04:05.678+02:00',
  extras: { a: [1] },
  city: { id: 'c1', name: 'Rome' },
  label: 'TEA',
  photo: '{"filename": "tea.png", "size": 5, "mime_type": "image/png", "path": "acc/1.png", "alt": "a cup"}',
} as unknown as RecordRow;

describe('fromControl', () => {
  it.each([
    ['number', '12.5', { value: 12.5 }],
    ['number', '', { value: null }],
    ['number', 'x', { fault: expect.any(String) }],
    ['boolean', false, { value: false }],
    ['json', '{"a":1}', { value: { a: 1 } }],
    ['json', '{', { fault: 'Line 1, column 2: the text ends too early.' }],
    ['date', '2026-02-03', { value: '2026-02-03' }],
    ['date', '3.2.2026', { fault: expect.any(String) }],
    ['email', 'a@b.co', { value: 'a@b.co' }],
    ['email', 'a@b', { fault: expect.any(String) }],
    ['url', 'HTTPS://b.co/x', { value: 'HTTPS://b.co/x' }],
    ['url', 'javascript:alert(1)', { fault: expect.any(String) }],
    ['text', ' kept as typed ', { value: ' kept as typed ' }],
  ] as const)('%s %j', (type, entered, expected) => {
    expect(fromControl(type, entered)).toEqual(expected);
  });

  it('sends an instant in UTC', () => {
    const local = toLocalInput('2026-06-01T10:20:30Z');
    expect(fromControl('datetime', local)).toEqual({ value: '2026-06-01T10:20:30Z' });
  });
});

describe('formValues', () => {
  it('begins a new record with the defaults, without what nobody enters', () => {
    expect(formValues(schema)).toEqual({ title: '', price: '5', ok: false, at: '', extras: '', city: '', photo: '' });
  });

  it('shows a stored record, an expanded reference by its id', () => {
    expect(formValues(schema, record)).toMatchObject({ title: 'Tea', price: '2.5', ok: true, city: 'c1' });
    expect(toControl('json', record.extras)).toBe('{\n  "a": [\n    1\n  ]\n}');
  });
});

describe('creationBody', () => {
  it('asks for what is required and leaves out what is empty', () => {
    expect(creationBody(schema, formValues(schema))).toEqual({
      values: { price: 5, ok: false },
      faults: { title: 'Fill this in.' },
    });
  });

  it('sends null where a default was cleared on purpose', () => {
    const entered = { ...formValues(schema), title: 'Tea', price: '' };
    expect(creationBody(schema, entered).values).toEqual({ title: 'Tea', price: null, ok: false });
  });
});

describe('updateBody', () => {
  it('sends only what was changed', () => {
    const before = formValues(schema, record);
    expect(updateBody(schema, before, { ...before, price: '3' })).toEqual({ values: { price: 3 }, faults: {} });
    expect(updateBody(schema, before, before).values).toEqual({});
  });

  it('empties an optional field with null', () => {
    const before = formValues(schema, record);
    expect(updateBody(schema, before, { ...before, city: '' }).values).toEqual({ city: null });
    expect(updateBody(schema, before, { ...before, photo: '' }).values).toEqual({ photo: null });
  });

  it('sends a file as the object that its upload gave', () => {
    const before = formValues(schema, record);
    const photo = { filename: 'cup.png', size: 7, mime_type: 'image/png', path: 'acc/2.png' };
    expect(updateBody(schema, before, { ...before, photo: JSON.stringify(photo) }).values).toEqual({ photo });
  });
});

describe('duplicateValues', () => {
  it('leaves unique fields at their defaults', () => {
    const unique = [
      ...schema,
      field('code', 'text', { unique: true, default: 'x' }),
      field('no', 'number', { unique: true }),
    ];
    const source = { ...record, code: 'c1', no: 7 } as RecordRow;
    expect(duplicateValues(unique, source)).toEqual({ ...formValues(schema, record), code: 'x', no: '' });
  });
});

describe('fromLog', () => {
  it.each([
    ['boolean', 'True', true],
    ['boolean', 'False', false],
    ['boolean', null, false],
    ['text', null, ''],
    ['number', '1e+21', '1e+21'],
    ['json', '{"a":1}', '{\n  "a": 1\n}'],
    ['json', '"text"', '"text"'],
    ['json', 'no json', 'no json'],
    ['reference', 'r1', 'r1'],
  ] as const)('%s %j', (type, text, expected) => {
    expect(fromLog(type, text)).toBe(expected);
  });
});
