import { describe, expect, it } from 'vitest';
import { converted, fits, inferType } from './column-types';

describe('inferType', () => {
  it.each([
    [['1', '-2.5', '1e3', ''], 'number'],
    [[1, null, 2.5], 'number'],
    [['true', 'FALSE'], 'boolean'],
    [['2026-01-02'], 'date'],
    [['2026-01-02', '2026-01-02T03:04:05Z'], 'datetime'],
    [['a@b.co'], 'email'],
    [['https://b.co'], 'url'],
    [['{"a":1}'], 'json'],
    [[{ a: 1 }, 'x'], 'json'],
    [['1', 'x'], 'text'],
    [['007', 'a'], 'text'],
    [['', null, undefined], null],
  ])('%j: %s', (values, type) => expect(inferType(values)).toBe(type));
});

describe('fits', () => {
  it.each([
    ['number', 'number', true],
    ['number', 'text', true],
    ['text', 'number', false],
    ['text', 'date', false],
    ['date', 'datetime', true],
    ['datetime', 'date', false],
    ['text', 'reference', true],
    [null, 'number', true],
  ] as const)('%s in %s: %s', (type, field, expected) => expect(fits(type, field)).toBe(expected));
});

describe('converted', () => {
  it.each([
    ['4.5', 'number', 4.5],
    ['four', 'number', 'four'],
    ['True', 'boolean', true],
    [4, 'text', '4'],
    [4, 'number', 4],
    ['', 'date', null],
    ['', 'text', ''],
    [{ a: 1 }, 'json', { a: 1 }],
    [null, 'text', null],
  ] as const)('%j for %s', (value, field, expected) => expect(converted(value, field)).toEqual(expected));
});
