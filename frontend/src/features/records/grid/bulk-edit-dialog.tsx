import { type FormEvent, useState } from 'react';
import { toast } from 'sonner';
import { asApiError } from '@/shared/api/errors';
import type { Collection, FieldDefinition, RecordRow } from '@/shared/api/types';
import { fieldType } from '@/shared/collections/field-types';
import { t, tn } from '@/shared/i18n';
import { Button } from '@/shared/ui/button';
import { Dialog, DialogBody, DialogFooter } from '@/shared/ui/dialog';
import { Field, FormError } from '@/shared/ui/field';
import { Select } from '@/shared/ui/input';
import { useChangeRecords } from '../api/change-batch';
import { fromControl } from '../field-mapping';
import type { GridColumn } from './grid-columns';
import { ValueInput } from './value-input';

interface BulkEditDialogProps {
  open: boolean;
  onClose: () => void;
  collection: Collection;
  columns: GridColumn[];
  rows: RecordRow[];
}

/** Sets one field of several records to the same value. */
export function BulkEditDialog({ open, onClose, ...rest }: BulkEditDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={tn('grid.bulkTitle', rest.rows.length)}
      description={t('grid.bulkLead')}
    >
      <BulkForm {...rest} onClose={onClose} />
    </Dialog>
  );
}

const emptyValue = (field: FieldDefinition | undefined) => (field && fieldType(field) === 'boolean' ? true : '');

function BulkForm({ collection, columns, rows, onClose }: Omit<BulkEditDialogProps, 'open'>) {
  const fields = columns.flatMap((column) =>
    column.editable && column.field && !column.field.unique ? column.field : [],
  );
  const [field, setField] = useState(fields[0]);
  const [value, setValue] = useState<string | boolean>(emptyValue(fields[0]));
  const [fault, setFault] = useState<string>();
  const change = useChangeRecords(collection.name);
  const failure = change.isError ? asApiError(change.error) : null;
  const accounts = new Set(rows.map((row) => row.account_id));
  const mixed = field?.type === 'reference' && accounts.size > 1;

  function choose(name: string) {
    const next = fields.find((each) => each.name === name);
    setField(next);
    setValue(emptyValue(next));
    setFault(undefined);
    change.reset();
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    event.stopPropagation();
    if (!field || mixed) return;
    const parsed = fromControl(fieldType(field), value);
    if ('fault' in parsed) return setFault(parsed.fault);
    if (field.required && parsed.value === null) return setFault(t('error.required'));
    setFault(undefined);
    const wanted = { ids: rows.map(({ id }) => id), data: { [field.name]: parsed.value } };
    const outcome = await change.mutateAsync(wanted).catch(() => null);
    if (!outcome) return;
    const { done, failure: stopped } = outcome;
    if (stopped === null) toast.success(tn('grid.bulkDone', done.length));
    else toast.error(t('grid.bulkSome', { done: done.length, count: rows.length, message: stopped }));
    onClose();
  }

  if (!field) return <DialogBody>{t('grid.noEditable')}</DialogBody>;
  return (
    <form noValidate className="contents" onSubmit={(event) => void submit(event)}>
      <DialogBody>
        <FormError message={failure && (failure.faults[0]?.message ?? failure.message)} error={failure} />
        <Field label={t('grid.bulkField')}>
          {(control) => (
            <Select {...control} value={field.name} onChange={(event) => choose(event.target.value)}>
              {fields.map(({ name }) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field
          label={t('grid.bulkValue')}
          required={field.required}
          error={mixed ? t('grid.bulkMixed') : fault}
          hint={field.required || field.type === 'boolean' ? undefined : t('grid.bulkClear')}
        >
          {(control) => (
            <ValueInput
              key={field.name}
              {...control}
              field={field}
              value={value}
              onChange={setValue}
              accountId={rows[0]?.account_id ?? ''}
            />
          )}
        </Field>
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button type="submit" variant="primary" busy={change.isPending} disabled={mixed}>
          {tn('grid.bulkApply', rows.length)}
        </Button>
      </DialogFooter>
    </form>
  );
}
