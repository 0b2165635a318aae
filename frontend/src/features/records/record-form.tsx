import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { FormProvider, useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { useAccountScope } from '@/shared/accounts/account-scope';
import { accountChoices, SYSTEM_ACCOUNT_ID } from '@/shared/accounts/list-account-choices';
import { type ApiError, asApiError } from '@/shared/api/errors';
import type { Collection, RecordRow } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import { showServerFaults } from '@/shared/lib/form-errors';
import { submitOnModEnter } from '@/shared/lib/submit-shortcut';
import { Button } from '@/shared/ui/button';
import { DialogBody, DialogFooter } from '@/shared/ui/dialog';
import { Field, FormError } from '@/shared/ui/field';
import { Select } from '@/shared/ui/input';
import { useCreateRecord } from './api/create-record';
import { useUpdateRecord } from './api/update-record';
import { creationBody, formValues, type FormValues, isEntered, updateBody } from './field-mapping';
import { RecordField } from './record-field';

interface RecordFormProps {
  collection: Collection;
  /** The record to change; absent to create one. */
  record?: RecordRow;
  onDirtyChange: (dirty: boolean) => void;
  onDone: () => void;
  /** Stands at the left of the form's buttons. */
  footer?: ReactNode;
  /** Stands below the fields. */
  details?: ReactNode;
}

export function RecordForm({ collection, record, onDirtyChange, onDone, footer, details }: RecordFormProps) {
  const { name, schema } = collection;
  const [before] = useState(() => formValues(schema, record));
  const form = useForm<FormValues>({ defaultValues: before });
  const scope = useAccountScope();
  const [accountId, setAccountId] = useState(record?.account_id ?? scope ?? SYSTEM_ACCOUNT_ID);
  const create = useCreateRecord(name);
  const update = useUpdateRecord(name);
  const [failure, setFailure] = useState<{ message: string | null; error: ApiError } | null>(null);
  const [uploading, setUploading] = useState<readonly string[]>([]);
  const noteUpload = useCallback(
    (field: string, busy: boolean) =>
      setUploading((fields) => [...fields.filter((other) => other !== field), ...(busy ? [field] : [])]),
    [],
  );
  const isDirty = form.formState.isDirty || uploading.length > 0;
  const busy = create.isPending || update.isPending;

  useEffect(() => {
    onDirtyChange(isDirty);
    return () => onDirtyChange(false);
  }, [isDirty, onDirtyChange]);

  const submit = form.handleSubmit(async (entered) => {
    setFailure(null);
    const { values, faults } = record ? updateBody(schema, before, entered) : creationBody(schema, entered);
    for (const field of uploading) faults[field] = t('files.stillUploading');
    const found = Object.entries(faults);
    found.forEach(([field, message], index) =>
      form.setError(field, { type: 'entry', message }, { shouldFocus: index === 0 }),
    );
    if (found.length > 0) return;
    try {
      if (record) {
        await update.mutateAsync({ id: record.id, changes: values });
        toast.success(t('records.savedToast'));
      } else {
        await create.mutateAsync({ ...values, ...(accountId !== SYSTEM_ACCOUNT_ID && { account_id: accountId }) });
        toast.success(t('records.createdToast'));
      }
      onDone();
    } catch (error) {
      const names = new Set(schema.filter(isEntered).map((field) => field.name));
      const message = showServerFaults(form, error, (field) => (names.has(field) ? field : undefined));
      setFailure({ message, error: asApiError(error) });
    }
  });

  return (
    <FormProvider {...form}>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <form noValidate className="contents" onSubmit={(event) => void submit(event)} onKeyDown={submitOnModEnter}>
        <DialogBody>
          <FormError message={failure?.message} error={failure?.error} />
          {!record && <AccountChoice value={accountId} onChange={setAccountId} />}
          {schema.map((field) => (
            <RecordField
              key={field.name}
              field={field}
              stored={record?.[field.name]}
              accountId={accountId}
              creating={!record}
              onUploading={noteUpload}
            />
          ))}
          {details}
        </DialogBody>
        <DialogFooter>
          {footer}
          <Button onClick={onDone}>{t('common.cancel')}</Button>
          <Button type="submit" variant="primary" busy={busy} disabled={record !== undefined && !isDirty}>
            {record ? t('common.save') : t('records.create')}
          </Button>
        </DialogFooter>
      </form>
    </FormProvider>
  );
}

/** Which account the new record will belong to. */
function AccountChoice({ value, onChange }: { value: string; onChange: (id: string) => void }) {
  const accounts = useQuery(accountChoices());
  const choices = accounts.data ?? [];
  if (choices.length < 2) return null;
  return (
    <Field label={t('records.account')} hint={t('records.accountHint')}>
      {(props) => (
        <Select {...props} value={value} onChange={(event) => onChange(event.target.value)}>
          {choices.map((account) => (
            <option key={account.id} value={account.id}>
              {account.name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
