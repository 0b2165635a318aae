import { useQuery } from '@tanstack/react-query';
import { useBlocker } from '@tanstack/react-router';
import { type ReactNode, type Ref, useCallback, useEffect, useImperativeHandle, useRef, useState } from 'react';
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
import type { OpenedRecord } from './api/opened-record';
import { useUpdateRecord } from './api/update-record';
import { ConflictNotice } from './conflict-notice';
import { creationBody, duplicateValues, formValues, type FormValues, isEntered, updateBody } from './field-mapping';
import { conflictOf, resolved } from './record-conflict';
import { RecordField } from './record-field';

/** What others may do to the form. */
export interface RecordFormHandle {
  /** Puts a value into a field, to be saved or not. */
  enter: (field: string, value: string | boolean) => void;
}

interface RecordFormProps {
  ref?: Ref<RecordFormHandle>;
  collection: Collection;
  /** The record to change as it was read; absent to create one. */
  opened?: OpenedRecord;
  /** What others saved since, while this form holds changes. */
  newer?: OpenedRecord;
  /** The form goes on from what others saved. */
  onRebase?: () => void;
  /** The server says that others saved since. */
  onOutdated?: () => Promise<unknown>;
  /** The record whose values a new one begins with. */
  source?: RecordRow;
  onDirtyChange?: (dirty: boolean) => void;
  onDone: () => void;
  /** Stands at the left of the form's buttons. */
  footer?: ReactNode;
  /** Stands below the fields. */
  details?: ReactNode;
}

export function RecordForm({
  ref,
  collection,
  opened,
  newer,
  onRebase,
  onOutdated,
  source,
  onDirtyChange,
  onDone,
  footer,
  details,
}: RecordFormProps) {
  const { name, schema } = collection;
  const record = opened?.record;
  const [before, setBefore] = useState(() => (source ? duplicateValues(schema, source) : formValues(schema, record)));
  const form = useForm<FormValues>({ defaultValues: before });
  const scope = useAccountScope();
  const [accountId, setAccountId] = useState((record ?? source)?.account_id ?? scope ?? SYSTEM_ACCOUNT_ID);
  const create = useCreateRecord(name);
  const update = useUpdateRecord(name);
  const [failure, setFailure] = useState<{ message: string | null; error: ApiError } | null>(null);
  const [uploading, setUploading] = useState<readonly string[]>([]);
  const noteUpload = useCallback(
    (field: string, busy: boolean) =>
      setUploading((fields) => [...fields.filter((other) => other !== field), ...(busy ? [field] : [])]),
    [],
  );
  const [saved, setSaved] = useState(false);
  const isDirty = !saved && (form.formState.isDirty || uploading.length > 0);
  const busy = create.isPending || update.isPending;
  const save = useRef<HTMLButtonElement>(null);
  const leave = useLeaveGuard(isDirty);

  useEffect(() => {
    onDirtyChange?.(isDirty);
    return () => onDirtyChange?.(false);
  }, [isDirty, onDirtyChange]);

  useImperativeHandle(ref, () => ({
    enter: (field, value) => {
      form.setValue(field, value, { shouldDirty: true });
      form.clearErrors(field);
      // After the fields have come into view.
      window.setTimeout(() => form.setFocus(field));
    },
  }));

  const conflicting = newer && !busy && !saved ? newer : null;
  function resolve(stored: OpenedRecord, keepsMine: (field: string) => boolean) {
    const theirs = formValues(schema, stored.record);
    const next = resolved(before, theirs, form.getValues(), keepsMine);
    form.reset(theirs);
    for (const [field, value] of Object.entries(next)) {
      if (value !== theirs[field]) form.setValue(field, value, { shouldDirty: true });
    }
    setBefore(theirs);
    setFailure(null);
    onRebase?.();
    save.current?.focus();
  }

  const submit = form.handleSubmit(async (entered) => {
    if (busy) return;
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
        await update.mutateAsync({ id: record.id, changes: values, tag: opened?.tag });
        toast.success(t('records.savedToast'));
      } else {
        await create.mutateAsync({ ...values, ...(accountId !== SYSTEM_ACCOUNT_ID && { account_id: accountId }) });
        toast.success(t('records.createdToast'));
      }
      setSaved(true);
      leave();
      onDone();
    } catch (error) {
      if (onOutdated && asApiError(error).status === 412) {
        await onOutdated();
        return;
      }
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
          {conflicting && (
            <ConflictNotice
              key={conflicting.tag}
              conflict={conflictOf(before, formValues(schema, conflicting.record), form.getValues())}
              schema={schema}
              at={conflicting.record.updated_at}
              onResolve={(keepsMine) => resolve(conflicting, keepsMine)}
            />
          )}
          <FormError message={failure?.message} error={failure?.error} />
          {source && <p className="text-muted">{t('recordDrawer.duplicateLead')}</p>}
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
          <Button
            ref={save}
            type="submit"
            variant="primary"
            busy={busy}
            disabled={record !== undefined && !isDirty}
            title={t('recordDrawer.saveKeys')}
          >
            {record ? t('common.save') : t('records.create')}
          </Button>
        </DialogFooter>
      </form>
    </FormProvider>
  );
}

/** Asks before changes are lost by going elsewhere; gives the way to go without being asked. */
function useLeaveGuard(isDirty: boolean): () => void {
  const free = useRef(false);
  useBlocker({
    shouldBlockFn: ({ current, next }) => {
      const { record: here } = current.search as { record?: string };
      const { record: there } = next.search as { record?: string };
      // Another tab of the drawer keeps the form.
      const stays = current.pathname === next.pathname && here === there;
      if (stays || free.current || !isDirty) return false;
      free.current = window.confirm(t('common.discard'));
      return !free.current;
    },
    enableBeforeUnload: () => isDirty && !free.current,
  });
  return () => (free.current = true);
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
