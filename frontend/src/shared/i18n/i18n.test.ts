import { describe, expect, it } from 'vitest';
import { formatBytes, formatDate, formatDuration, parseTime, setLanguage, t, tn } from '.';
import { bestLanguage } from './language';

describe('messages', () => {
  it('fills in values', () => {
    expect(t('table.range', { first: 1, last: 25, total: '1,200' })).toBe('1–25 of 1,200');
  });

  it('chooses the plural form', () => {
    expect([0, 1, 2].map((count) => tn('home.records', count))).toEqual(['records', 'record', 'records']);
  });
});

describe('amounts of bytes', () => {
  it.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [1023, '1,023 bytes'],
    [1536, '1.5 kB'],
    [10 * 1024 * 1024, '10 MB'],
    [5 * 1024 ** 4, '5,120 GB'],
  ])('%d is %s', (bytes, shown) => {
    expect(formatBytes(bytes)).toBe(shown);
  });
});

describe('spans of time', () => {
  it.each([
    [0, '0 seconds'],
    [59.9, '59 seconds'],
    [3600, '1 hour'],
    [90_061, '1 day 1 hour'],
  ])('%d seconds are %s', (seconds, shown) => {
    expect(formatDuration(seconds)).toBe(shown);
  });
});

describe('languages', () => {
  it('takes the first that the browser asks for and that there is', () => {
    expect(bestLanguage(['fr', 'de-AT', 'en'])).toBe('de');
    expect(bestLanguage(['fr', 'it'])).toBe('en');
  });

  it('shows texts, plurals and numbers of the one that is chosen, and remembers it', async () => {
    await setLanguage('de');
    try {
      expect(t('common.cancel')).toBe('Abbrechen');
      expect(tn('changes.rows', 1200)).toBe('1.200 Datensätze');
      expect(document.documentElement.lang).toBe('de');
      expect(localStorage.getItem('snackbase-language')).toBe('de');
    } finally {
      await setLanguage('en');
      localStorage.clear();
    }
  });
});

describe('times', () => {
  it('reads a time without zone as UTC', () => {
    for (const text of [
      '2026-11-23T09:40:14',
      '2026-11-23 09:40:14',
      '2026-11-23T09:40:14Z',
      '2026-11-23T10:40:14+01:00',
    ]) {
      expect(parseTime(text)?.toISOString()).toBe('2026-11-23T09:40:14.000Z');
    }
  });

  it('shows a calendar day alike in every zone, and what is no time as it is', () => {
    expect(formatDate('2026-03-01')).toContain('1');
    expect(formatDate('soon')).toBe('soon');
  });
});
