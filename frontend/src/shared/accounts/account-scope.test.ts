import { describe, expect, it } from 'vitest';
import { type AccountScope, keepAccountScope, readAccountScope, withinAccount } from './account-scope';

const ID = '77e7e1d0-0000-4000-8000-000000000001';

describe('the account in the URL', () => {
  it('is an id, nothing else', () => {
    expect(readAccountScope({ account: ID })).toEqual({ account: ID });
    for (const account of ['riverside', 12, `${ID}"`, undefined])
      expect(readAccountScope({ account }).account).toBeUndefined();
  });

  it('stays on the way to a page that says nothing of it', () => {
    const search: AccountScope = { account: ID };
    const nothing = (): AccountScope => ({});
    expect(keepAccountScope({ search, next: nothing })).toEqual({ account: ID });
    expect(keepAccountScope({ search, next: () => ({ account: undefined }) })).toEqual({ account: undefined });
    expect(keepAccountScope({ search: { account: 'slug' } as AccountScope, next: nothing }).account).toBeUndefined();
  });
});

describe('withinAccount', () => {
  it('adds the account to a filter without changing what it says', () => {
    expect(withinAccount('a = 1', undefined)).toBe('a = 1');
    expect(withinAccount('', ID)).toBe(`account_id = "${ID}"`);
    expect(withinAccount('a = 1', ID)).toBe(`a = 1 && account_id = "${ID}"`);
    expect(withinAccount('a = 1 || b = 2', ID)).toBe(`(a = 1 || b = 2) && account_id = "${ID}"`);
  });
});
