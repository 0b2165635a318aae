import type { FieldDefinition, RecordRow } from '@/shared/api/types';
import { FieldIcon } from '@/shared/collections/field-icon';
import { fieldType } from '@/shared/collections/field-types';
import { formatDateTime, t } from '@/shared/i18n';
import type { DataColumn } from '@/shared/ui/data-table';
import { CellValue, shortId } from './cell-value';

/** Columns for callers who only look: id, fields, creation. */
export function readOnlyColumns(schema: FieldDefinition[], open: (id: string) => void): DataColumn<RecordRow>[] {
  return [idColumn(open), ...schema.map((field) => fieldColumn(field)), createdColumn];
}

const createdColumn: DataColumn<RecordRow> = {
  id: 'created_at',
  header: () => t('common.created'),
  meta: { sortKey: 'created_at', className: 'text-muted whitespace-nowrap' },
  cell: ({ row }) => (
    <time dateTime={row.original.created_at} title={row.original.created_at}>
      {formatDateTime(row.original.created_at)}
    </time>
  ),
};

function idColumn(open: (id: string) => void): DataColumn<RecordRow> {
  return {
    id: 'id',
    header: () => t('records.id'),
    meta: { sortKey: 'id', pinned: true, className: 'max-sm:pr-2' },
    cell: ({ row }) => (
      <button
        type="button"
        className="rounded font-mono text-xs text-accent hover:underline"
        title={row.original.id}
        aria-label={t('records.openRecord', { id: shortId(row.original.id) })}
        onClick={() => open(row.original.id)}
      >
        {shortId(row.original.id)}
      </button>
    ),
  };
}

function fieldColumn(field: FieldDefinition): DataColumn<RecordRow> {
  const type = fieldType(field);
  return {
    id: `field:${field.name}`,
    header: () => (
      <span className="inline-flex items-center gap-1.5 align-middle">
        <FieldIcon type={type} className="size-3.5 text-accent" />
        {field.name}
      </span>
    ),
    meta: {
      sortKey: type === 'json' || type === 'file' ? undefined : field.name,
      align: type === 'number' ? 'right' : undefined,
      className: 'max-w-64 truncate whitespace-nowrap',
    },
    cell: ({ row }) => <CellValue field={field} value={row.original[field.name]} />,
  };
}
