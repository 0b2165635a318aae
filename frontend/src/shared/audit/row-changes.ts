import type { AuditEntry } from '@/shared/api/types';

/** What a change did to one column; values as the log writes them, null for none. */
export interface ColumnChange {
  column: string;
  before: string | null;
  after: string | null;
}

/** What one request did to a row at once. */
export interface RowChange {
  /** Id of its newest entry. */
  id: number;
  operation: string;
  at: string;
  by: string;
  /** Whether an API key stood for the user. */
  byKey: boolean;
  /** In the order of the table. */
  columns: ColumnChange[];
}

type Started = RowChange & { last: AuditEntry };

function continues({ last, columns }: Started, entry: AuditEntry): boolean {
  const same = (['operation', 'request_id', 'user_id', 'occurred_at'] as const).every(
    (key) => last[key] === entry[key],
  );
  // A request may change a row twice, but no column twice at once.
  return same && columns.every(({ column }) => column !== entry.column_name);
}

/** The entries of a row, the newest first, as changes of the row, the newest first. */
export function rowChanges(newestFirst: AuditEntry[]): RowChange[] {
  const changes: Started[] = [];
  for (const entry of newestFirst) {
    const column = { column: entry.column_name, before: entry.old_value, after: entry.new_value };
    const current = changes.at(-1);
    if (current && continues(current, entry)) {
      current.columns.unshift(column);
      current.last = entry;
    } else {
      changes.push({
        id: entry.id,
        operation: entry.operation,
        at: entry.occurred_at,
        by: entry.user_email,
        byKey: entry.extra_metadata?.auth_method === 'api_key',
        columns: [column],
        last: entry,
      });
    }
  }
  return changes.map(({ id, operation, at, by, byKey, columns }) => ({ id, operation, at, by, byKey, columns }));
}
