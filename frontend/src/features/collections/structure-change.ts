import type { FieldDefinition } from '@/shared/api/types';
import { type FieldType, fieldType } from '@/shared/collections/field-types';
import { t } from '@/shared/i18n';
import { parseDefault } from './field-draft';

export const changeKinds = ['rename_field', 'change_type', 'require', 'drop_field', 'rename_collection'] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** Types that stored values can be converted to. */
export const convertibleTypes = ['text', 'number', 'boolean', 'date', 'datetime', 'email', 'url', 'json'] as const;

/** A change in the API's form; one of the type takes all else that the field is to have. */
export type StructureChange =
  | { op: 'rename_field'; from: string; to: string }
  | { op: 'rename_collection'; to: string }
  | ({ op: 'change_type'; field: string; type: string } & Partial<Omit<FieldDefinition, 'name' | 'type'>>)
  | { op: 'drop_field'; field: string; confirm: true }
  | { op: 'require'; field: string; backfill?: unknown };

/** A change as its form holds it; what its kind does not need is ignored. */
export interface ChangeDraft {
  kind: ChangeKind;
  field: string;
  to: string;
  type: (typeof convertibleTypes)[number];
  /** Value for records that have none, as text. */
  backfill: string;
}

/** A field as the planned changes would leave it, with the name under which it is stored now. */
export interface PlannedField {
  origin: string;
  name: string;
  type: FieldType;
  required: boolean;
  dropped: boolean;
  /** As it is stored now. */
  stored: FieldDefinition;
}

/** A collection as the planned changes would leave it. */
export interface PlannedCollection {
  name: string;
  fields: PlannedField[];
}

/** The collection after the changes, one after the other. Fields that are dropped stay in the list, marked. */
export function planned(name: string, schema: FieldDefinition[], changes: StructureChange[]): PlannedCollection {
  const fields = schema.map((field): PlannedField => ({
    origin: field.name,
    name: field.name,
    type: fieldType(field),
    required: field.required,
    dropped: false,
    stored: field,
  }));
  let after = name;
  for (const change of changes) {
    if (change.op === 'rename_collection') {
      after = change.to;
      continue;
    }
    const about = change.op === 'rename_field' ? change.from : change.field;
    const field = fields.find((candidate) => candidate.name === about && !candidate.dropped);
    if (!field) continue;
    if (change.op === 'rename_field') field.name = change.to;
    else if (change.op === 'change_type') field.type = fieldType(change);
    else if (change.op === 'require') field.required = true;
    else field.dropped = true;
  }
  return { name: after, fields };
}

/** The field in another type, all else kept; a default that does not fit the type goes. */
function converted(field: PlannedField | undefined, { field: name, type }: ChangeDraft): StructureChange {
  const { unique = false, options = null, pii = false, mask_type = null } = field?.stored ?? {};
  const before: unknown = field?.stored.default ?? null;
  let fallback: unknown = null;
  try {
    fallback =
      before === null ? null : parseDefault(type, typeof before === 'string' ? before : JSON.stringify(before));
  } catch {
    // A text that is no value of the type.
  }
  const required = field?.required ?? false;
  return { op: 'change_type', field: name, type, required, default: fallback, unique, options, pii, mask_type };
}

/** The change of a form in the API's form, or what is missing in it by control. */
export function changeOf(
  draft: ChangeDraft,
  { name, fields }: PlannedCollection,
): { change: StructureChange } | { fault: { control: keyof ChangeDraft; message: string } } {
  const fault = (control: keyof ChangeDraft, message: string) => ({ fault: { control, message } });
  const kept = fields.filter((field) => !field.dropped);
  const field = kept.find((candidate) => candidate.name === draft.field);
  const to = draft.to.trim();
  const renames = draft.kind === 'rename_field' || draft.kind === 'rename_collection';
  if (draft.kind !== 'rename_collection' && !field) return fault('field', t('changes.needsField'));
  if (renames) {
    if (to === '') return fault('to', t('error.required'));
    if (!/^[a-zA-Z][a-zA-Z0-9_]*$/.test(to)) return fault('to', t('collections.nameForm'));
    if (to.length > 64) return fault('to', t('collections.nameLong'));
  }
  switch (draft.kind) {
    case 'rename_collection':
      if (to.length < 3) return fault('to', t('collections.nameShort'));
      return to === name ? fault('to', t('changes.sameName')) : { change: { op: 'rename_collection', to } };
    case 'rename_field': {
      const taken = kept.some((other) => other !== field && other.name.toLowerCase() === to.toLowerCase());
      if (taken) return fault('to', t('collections.nameTwice'));
      if (to === draft.field) return fault('to', t('changes.sameName'));
      return { change: { op: 'rename_field', from: draft.field, to } };
    }
    case 'change_type':
      if (field?.type === draft.type) return fault('type', t('changes.sameType'));
      return { change: converted(field, draft) };
    case 'drop_field':
      if (kept.length === 1) return fault('field', t('changes.lastField'));
      return { change: { op: 'drop_field', field: draft.field, confirm: true } };
    case 'require':
      if (field?.required) return fault('field', t('changes.requiredAlready'));
      try {
        return {
          change: { op: 'require', field: draft.field, backfill: parseDefault(field?.type ?? 'text', draft.backfill) },
        };
      } catch {
        return fault('backfill', t('collections.badDefault', { type: t(`fieldTypes.${field?.type ?? 'text'}`) }));
      }
  }
}

/** A change in words. */
export function describe(change: StructureChange): string {
  switch (change.op) {
    case 'rename_collection':
      return t('changes.say.renameCollection', { to: change.to });
    case 'rename_field':
      return t('changes.say.renameField', { from: change.from, to: change.to });
    case 'change_type':
      return t('changes.say.changeType', { field: change.field, type: t(`fieldTypes.${fieldType(change)}`) });
    case 'drop_field':
      return t('changes.say.dropField', { field: change.field });
    case 'require': {
      if (change.backfill === null || change.backfill === undefined) {
        return t('changes.say.require', { field: change.field });
      }
      return t('changes.say.requireWith', { field: change.field, value: JSON.stringify(change.backfill) });
    }
  }
}
