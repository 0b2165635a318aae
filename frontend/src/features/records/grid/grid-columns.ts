import type { FieldDefinition } from '@/shared/api/types';
import { type FieldType, fieldType } from '@/shared/collections/field-types';
import { t } from '@/shared/i18n';

export type SystemColumn = 'id' | 'account' | 'created_at' | 'updated_at' | 'created_by' | 'updated_by';

export interface GridColumn {
  /** Of a field `field:` and its name, so that no field is mistaken for a system column. */
  id: string;
  label: string;
  /** Absent for a system column. */
  field?: FieldDefinition;
  /** Name of the column in the API's sort parameter; the column cannot be sorted without. */
  sortKey?: string;
  align?: 'right';
  /** In pixels, as long as nobody chose another one. */
  width: number;
  /** Whether values can be changed in the grid. */
  editable: boolean;
  /** Whether the column is shown as long as nobody chose. */
  shown: boolean;
}

const widths: Record<FieldType, number> = {
  text: 220,
  number: 130,
  boolean: 130,
  date: 140,
  datetime: 190,
  email: 210,
  url: 220,
  json: 220,
  reference: 170,
  computed: 180,
  file: 200,
};

/** Types whose values fit an editor in a cell. */
const editableTypes: readonly FieldType[] = [
  'text',
  'number',
  'boolean',
  'date',
  'datetime',
  'email',
  'url',
  'reference',
];

/** Whether the field's values can be changed in place. Masked ones cannot: what is shown is not what is stored. */
export function isEditable(field: FieldDefinition, masked: boolean): boolean {
  return editableTypes.includes(fieldType(field)) && !(field.pii && masked);
}

function fieldColumn(field: FieldDefinition, masked: boolean): GridColumn {
  const type = fieldType(field);
  return {
    id: `field:${field.name}`,
    label: field.name,
    field,
    sortKey: type === 'json' || type === 'file' ? undefined : field.name,
    align: type === 'number' || (type === 'computed' && field.return_type === 'number') ? 'right' : undefined,
    width: widths[type],
    editable: isEditable(field, masked),
    shown: true,
  };
}

/**
 * All columns a collection's grid can have, in the order they begin with: id, fields in the schema's order, account,
 * times and authors. `masked` tells whether personal data comes masked.
 */
export function gridColumns(schema: FieldDefinition[], masked: boolean): GridColumn[] {
  const system = (id: SystemColumn, label: string, width: number, shown: boolean): GridColumn => ({
    id,
    label,
    sortKey: id === 'account' ? 'account_id' : id,
    width,
    shown,
    editable: false,
  });
  return [
    system('id', t('records.id'), 116, true),
    ...schema.map((field) => fieldColumn(field, masked)),
    system('account', t('records.account'), 170, true),
    system('created_at', t('common.created'), 190, true),
    system('updated_at', t('common.updated'), 190, false),
    system('created_by', t('grid.createdBy'), 150, false),
    system('updated_by', t('grid.updatedBy'), 150, false),
  ];
}
