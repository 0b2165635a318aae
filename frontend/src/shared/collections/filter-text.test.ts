import { describe, expect, it } from 'vitest';
import { containing, quote } from './filter-text';

describe('filter text', () => {
  it('escapes quotes and backslashes', () => {
    expect(quote('say "hi" \\ bye')).toBe('"say \\"hi\\" \\\\ bye"');
  });

  it('writes a condition that a field contains a text', () => {
    expect(containing('name', 'tea')).toBe('name ~ "%tea%"');
  });
});
