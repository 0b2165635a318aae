import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '@/shared/api/types';
import { rowChanges } from './row-changes';

let id = 100;
const entry = (column: string, before: string | null, after: string | null, rest: Partial<AuditEntry> = {}) =>
  ({
    id: (id -= 1),
    operation: 'UPDATE',
    request_id: 'r1',
    user_id: 'u1',
    user_email: 'ann@example.com',
    occurred_at: '2026-01-02T03:04:05Z',
    column_name: column,
    old_value: before,
    new_value: after,
    extra_metadata: { auth_method: 'jwt' },
    ...rest,
  }) as AuditEntry;

describe('rowChanges', () => {
  it('puts the columns of one request together, in the order of the table', () => {
    const [change, ...others] = rowChanges([entry('price', '1', '2'), entry('title', 'a', 'b')]);
    expect(others).toEqual([]);
    expect(change).toMatchObject({ operation: 'UPDATE', by: 'ann@example.com', byKey: false });
    expect(change?.columns).toEqual([
      { column: 'title', before: 'a', after: 'b' },
      { column: 'price', before: '1', after: '2' },
    ]);
  });

  it('keeps requests apart, and changes without request by their time', () => {
    const none = { request_id: null };
    expect(
      rowChanges([
        entry('a', '1', '2', { request_id: 'r2' }),
        entry('a', '0', '1'),
        entry('a', '3', '4', { ...none, occurred_at: '2026-01-01T00:00:01Z' }),
        entry('a', '2', '3', none),
      ]),
    ).toHaveLength(4);
  });

  it('takes a column that comes again for a change of its own', () => {
    const changes = rowChanges([entry('b', '1', '2'), entry('a', '1', '2'), entry('b', '0', '1')]);
    expect(changes.map(({ columns }) => columns.map(({ column }) => column))).toEqual([['a', 'b'], ['b']]);
  });

  it('tells of keys', () => {
    expect(rowChanges([entry('a', null, '1', { extra_metadata: { auth_method: 'api_key' } })])[0]?.byKey).toBe(true);
  });
});
