import type { AuditEntry } from '@/shared/api/types';

export interface Change {
  /** The newest of the entries. */
  entry: AuditEntry;
  /** The columns changed, in the order of the table. */
  columns: string[];
}

/** Entries of neighbouring columns as one change each: of the same row, by the same request. */
export function groupedChanges(newestFirst: AuditEntry[]): Change[] {
  const changes: Change[] = [];
  for (const entry of newestFirst) {
    const last = changes.at(-1);
    if (last && isSameChange(last.entry, entry)) last.columns.unshift(entry.column_name);
    else changes.push({ entry, columns: [entry.column_name] });
  }
  return changes;
}

function isSameChange(one: AuditEntry, other: AuditEntry): boolean {
  return (['table_name', 'record_id', 'operation', 'request_id', 'user_id'] as const).every(
    (key) => one[key] === other[key],
  );
}
