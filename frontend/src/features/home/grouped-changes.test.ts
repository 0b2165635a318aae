import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '@/shared/api/types';
import { groupedChanges } from './grouped-changes';

const entry = (id: number, column: string, other: Partial<AuditEntry> = {}) =>
  ({
    id,
    column_name: column,
    table_name: 'groups',
    record_id: 'g1',
    operation: 'CREATE',
    request_id: 'r1',
    user_id: 'u1',
    ...other,
  }) as AuditEntry;

describe('groupedChanges', () => {
  it('joins the columns of one row that one request changed, in the order of the table', () => {
    const [change, ...rest] = groupedChanges([entry(3, 'name'), entry(2, 'account_id'), entry(1, 'id')]);
    expect(rest).toEqual([]);
    expect(change).toEqual({ entry: entry(3, 'name'), columns: ['id', 'account_id', 'name'] });
  });

  it.each([{ record_id: 'g2' }, { table_name: 'users' }, { operation: 'UPDATE' }, { request_id: 'r2' }])(
    'keeps apart what differs in %o',
    (other) => {
      expect(groupedChanges([entry(2, 'name', other), entry(1, 'name')]).map((change) => change.entry.id)).toEqual([
        2, 1,
      ]);
    },
  );
});
