import { describe, expect, it } from 'vitest';
import { brokenPasswordRules } from './password-rules';

describe('brokenPasswordRules', () => {
  it.each([
    ['Correct-horse-7', []],
    ['Short-1', ['password_too_short']],
    ['correct-horse-7', ['password_no_uppercase']],
    ['CORRECT-HORSE-7', ['password_no_lowercase']],
    ['Correct-horse-x', ['password_no_digit']],
    ['Correct horse 77', ['password_no_special']],
    // Neither non-ASCII letters nor non-ASCII punctuation satisfy a rule, other scripts' digits do.
    ['ÄÖÜäöü§§§§§٣', ['password_no_uppercase', 'password_no_lowercase', 'password_no_special']],
    [`Aa1!${'x'.repeat(1021)}`, ['password_too_long']],
    [
      '',
      [
        'password_too_short',
        'password_no_uppercase',
        'password_no_lowercase',
        'password_no_digit',
        'password_no_special',
      ],
    ],
  ])('%j', (password, broken) => {
    expect(brokenPasswordRules(password)).toEqual(broken);
  });

  it('counts code points, not UTF-16 units', () => {
    expect(brokenPasswordRules('Aa1!🍪🍪🍪🍪🍪🍪🍪')).toEqual(['password_too_short']);
    expect(brokenPasswordRules('Aa1!🍪🍪🍪🍪🍪🍪🍪🍪')).toEqual([]);
  });

  it.each([...'!@#$%^&*()_+-=[]{};\':"\\|,.<>/?`~'])('takes %s for special', (character) => {
    expect(brokenPasswordRules(`Correcthorse7${character}`)).toEqual([]);
  });
});
