import type { RecordRow } from '@/shared/api/types';
import { formatDateTime, t } from '@/shared/i18n';
import { CellValue, shortId } from '../cell-value';
import type { GridColumn } from './grid-columns';

interface ColumnValueProps {
  column: GridColumn;
  row: RecordRow;
  /** Display fields of the referenced collections. */
  displays: Record<string, string | undefined>;
  onOpen: (row: RecordRow) => void;
}

/** What a row has in a column. */
export function ColumnValue({ column, row, displays, onOpen }: ColumnValueProps) {
  const { field, id } = column;
  if (field) return <CellValue field={field} value={row[field.name]} display={displays[field.collection ?? '']} />;
  switch (id) {
    case 'id':
      return (
        <button
          type="button"
          tabIndex={-1}
          className="rounded font-mono text-xs text-accent hover:underline"
          title={row.id}
          aria-label={t('records.openRecord', { id: shortId(row.id) })}
          onClick={() => onOpen(row)}
        >
          {shortId(row.id)}
        </button>
      );
    case 'account':
      return <span className="text-muted">{row.account_name ?? shortId(row.account_id)}</span>;
    case 'created_at':
    case 'updated_at':
      return (
        <time className="text-muted" dateTime={row[id]} title={row[id]}>
          {formatDateTime(row[id])}
        </time>
      );
    case 'created_by':
    case 'updated_by':
      return (
        <span className="font-mono text-xs text-muted" title={row[id]}>
          {row[id] === 'anonymous' ? row[id] : shortId(row[id])}
        </span>
      );
    default:
      return null;
  }
}
