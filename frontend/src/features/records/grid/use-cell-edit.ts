import { useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { toast } from 'sonner';
import { asApiError } from '@/shared/api/errors';
import { keys } from '@/shared/api/query-keys';
import type { Collection, FieldDefinition, RecordRow } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import { changeVersion, readVersion, type Version } from '../api/change-cell';
import { UNDO_TIME } from './pending-deletes';
import { changeRows, expandRow, markStale } from './record-cache';
import { mergedRow, plainRecord } from './record-merge';
import { toastAction } from './toast-action';

/** Somebody else changed the very value meanwhile. */
class Conflict extends Error {
  constructor(readonly now: RecordRow) {
    super();
  }
}

const same = (one: unknown, other: unknown) => JSON.stringify(one ?? null) === JSON.stringify(other ?? null);

interface Change {
  /** The row as it was when the person began to change it. */
  row: RecordRow;
  field: FieldDefinition;
  value: unknown;
  /** Takes the place of whatever somebody else wrote. */
  force?: boolean;
}

/** Changes single values: shown at once, taken back when refused, with a way to undo it for some seconds. */
export function useCellEdit({ name, schema }: Collection) {
  const queryClient = useQueryClient();
  const versions = useRef(new Map<string, { updatedAt: string; tag: string | null }>());

  const change = (id: string, to: (row: RecordRow) => RecordRow) => changeRows(queryClient, name, new Set([id]), to);

  function show(record: RecordRow) {
    change(record.id, (row) => mergedRow(row, record, schema));
    void expandRow(queryClient, name, schema, record);
  }

  async function write({ row, field, value, force = false }: Change): Promise<Version> {
    const known = versions.current.get(row.id);
    let tag = known?.updatedAt === row.updated_at ? known.tag : null;
    const seen = plainRecord(row, schema)[field.name];
    for (let attempt = 1; ; attempt += 1) {
      if (tag === null) {
        const now = await readVersion(name, row.id);
        if (!force && !same(now.record[field.name], seen)) throw new Conflict(now.record);
        tag = now.tag;
      }
      try {
        return await changeVersion(name, row.id, { [field.name]: value }, tag);
      } catch (error) {
        // Something else of the record changed between reading and writing.
        if (asApiError(error).status !== 412 || attempt === 3) throw error;
        tag = null;
      }
    }
  }

  function tell(failure: unknown, attempted: Change) {
    const { row, field } = attempted;
    if (failure instanceof Conflict) {
      show(failure.now);
      toast.warning(t('grid.conflict', { field: field.name }), {
        description: t('grid.conflictHint'),
        duration: 12_000,
        action: toastAction(t('grid.overwrite'), () => void save({ ...attempted, row: failure.now, force: true })),
      });
      return;
    }
    change(row.id, (now) => ({ ...now, [field.name]: row[field.name] }));
    const { message, faults } = asApiError(failure);
    toast.error(t('grid.notChanged', { field: field.name, message: faults[0]?.message ?? message }));
  }

  async function save(wanted: Change, undoing = false): Promise<void> {
    const { row, field, value } = wanted;
    const before = plainRecord(row, schema)[field.name];
    if (same(before, value) && !wanted.force) return;
    const shown = { ...plainRecord(row, schema), [field.name]: value };
    change(row.id, (now) => mergedRow(now, { ...plainRecord(now, schema), [field.name]: value }, schema));
    void expandRow(queryClient, name, schema, shown);
    try {
      const { record, tag } = await write(wanted);
      versions.current.set(record.id, { updatedAt: record.updated_at, tag });
      show(record);
      queryClient.setQueryData([...keys.records(name), 'one', record.id], record);
      markStale(queryClient);
      if (undoing) {
        toast.success(t('grid.undoneToast'));
        return;
      }
      toast.success(t('grid.changedToast', { field: field.name }), {
        duration: UNDO_TIME,
        action: toastAction(t('grid.undo'), () => void save({ row: record, field, value: before }, true)),
      });
    } catch (error) {
      tell(error, wanted);
    }
  }

  return save;
}
