import { describe, expect, it } from 'vitest';
import { filterCount, filterQuery } from './audit-filter';

describe('filterQuery', () => {
  it('takes the last day to its end', () => {
    expect(filterQuery({ from: '2026-03-01', to: '2026-03-02' })).toEqual({
      from_date: '2026-03-01T00:00:00Z',
      to_date: '2026-03-02T23:59:59.999999Z',
    });
  });

  it('sends only what is set, under the names of the API', () => {
    expect(filterQuery({ table: 'users', operation: 'UPDATE', record: 'r', user: 'u', account: 'a' })).toEqual({
      table_name: 'users',
      operation: 'UPDATE',
      record_id: 'r',
      user_id: 'u',
      account_id: 'a',
    });
    expect(filterQuery({})).toEqual({});
  });

  it('counts the parts', () => {
    expect(filterCount({ table: 'users', to: '2026-03-02' })).toBe(2);
  });
});
