import { MoreHorizontal, Pencil, Trash2 } from 'lucide-react';
import type { FieldDefinition, RecordRow } from '@/shared/api/types';
import { FieldIcon } from '@/shared/collections/field-icon';
import { fieldType } from '@/shared/collections/field-types';
import { formatDateTime, t } from '@/shared/i18n';
import { Button } from '@/shared/ui/button';
import type { DataColumn } from '@/shared/ui/data-table';
import { Menu, MenuContent, MenuItem, MenuTrigger } from '@/shared/ui/menu';
import { CellValue, shortId } from './cell-value';

interface Actions {
  open: (id: string) => void;
  remove: (record: RecordRow) => void;
}

/** The grid's columns: id, fields in the schema's order, account, creation, actions. `displays` names the display field of each referenced collection. */
export function recordColumns(
  schema: FieldDefinition[],
  displays: Record<string, string | undefined>,
  actions: Actions,
): DataColumn<RecordRow>[] {
  return [
    idColumn(actions.open),
    ...schema.map((field): DataColumn<RecordRow> => fieldColumn(field, displays)),
    {
      id: 'account_name',
      header: () => t('records.account'),
      meta: { sortKey: 'account_id', className: 'text-muted whitespace-nowrap' },
      cell: ({ row }) => row.original.account_name ?? shortId(row.original.account_id),
    },
    createdColumn,
    {
      id: 'actions',
      header: () => <span className="sr-only">{t('common.actions')}</span>,
      meta: { align: 'right', className: 'pl-0 pr-2' },
      cell: ({ row }) => (
        <Menu>
          <MenuTrigger asChild>
            <Button
              variant="ghost"
              size="icon-sm"
              aria-label={t('common.moreActions', { name: shortId(row.original.id) })}
            >
              <MoreHorizontal aria-hidden />
            </Button>
          </MenuTrigger>
          <MenuContent align="end">
            <MenuItem onSelect={() => actions.open(row.original.id)}>
              <Pencil aria-hidden />
              {t('common.edit')}
            </MenuItem>
            <MenuItem danger onSelect={() => actions.remove(row.original)}>
              <Trash2 aria-hidden />
              {t('common.delete')}
            </MenuItem>
          </MenuContent>
        </Menu>
      ),
    },
  ];
}

/** Columns for callers who only look: id, fields, creation. */
export function readOnlyColumns(schema: FieldDefinition[], open: (id: string) => void): DataColumn<RecordRow>[] {
  return [idColumn(open), ...schema.map((field) => fieldColumn(field, {})), createdColumn];
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

function fieldColumn(field: FieldDefinition, displays: Record<string, string | undefined>): DataColumn<RecordRow> {
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
    cell: ({ row }) => (
      <CellValue field={field} value={row.original[field.name]} display={displays[field.collection ?? '']} />
    ),
  };
}
