import { describe, expect, it } from 'vitest';
import { accountOf, kindOfType, readStoredFile } from './stored-file';

const file = { filename: 'wörld.txt', size: 5, mime_type: 'text/plain', path: 'acc/1.txt' };

describe('readStoredFile', () => {
  it('reads the object and JSON text of it, with keys of its own', () => {
    expect(readStoredFile(file)).toEqual(file);
    const text =
      '{"filename": "w\\u00f6rld.txt", "size": 5, "mime_type": "text/plain", "path": "acc/1.txt", "alt": [1]}';
    expect(readStoredFile(text)).toEqual({ ...file, alt: [1] });
  });

  it.each([
    null,
    undefined,
    7,
    '',
    'plain text',
    '****',
    '{broken',
    '[1]',
    { ...file, size: '5' },
    { filename: 'a', size: 1, mime_type: 'b' },
  ])('takes %j for no file', (value) => {
    expect(readStoredFile(value)).toBeNull();
  });

  it.each(['acc/../users', '../auth/me', 'acc//1', '/acc/1', 'acc/./1', 'acc\\1', ''])(
    'refuses the path %j, which leads elsewhere',
    (path) => {
      expect(readStoredFile({ ...file, path })).toBeNull();
    },
  );
});

describe('a stored file', () => {
  it('tells its account, wherever it is kept', () => {
    expect(accountOf(file)).toBe('acc');
    expect(accountOf({ ...file, path: 's3/acc/1.txt' })).toBe('acc');
  });

  it.each([
    ['image/png', 'picture'],
    ['IMAGE/JPEG', 'picture'],
    ['image/svg+xml', 'other'],
    ['application/pdf', 'pdf'],
    ['text/html; charset=utf-8', 'text'],
    ['application/json', 'text'],
    ['', 'other'],
  ])('of type %j is shown as %s', (type, kind) => {
    expect(kindOfType(type)).toBe(kind);
  });
});
