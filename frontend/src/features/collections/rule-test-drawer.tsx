import { zodResolver } from '@hookform/resolvers/zod';
import { useQuery } from '@tanstack/react-query';
import { FlaskConical } from 'lucide-react';
import { Controller, useForm, useWatch } from 'react-hook-form';
import { accountChoices } from '@/shared/accounts/list-account-choices';
import type { Collection } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import { submitOnModEnter } from '@/shared/lib/submit-shortcut';
import { useFormFailure } from '@/shared/lib/use-form-failure';
import { Button } from '@/shared/ui/button';
import { Choice } from '@/shared/ui/choice';
import { CodeEditor } from '@/shared/ui/code-editor';
import { DialogBody, DialogFooter, Drawer } from '@/shared/ui/dialog';
import { Field, FormError } from '@/shared/ui/field';
import { Select } from '@/shared/ui/input';
import { UserSearch } from '@/shared/users/user-search';
import { useTestRule } from './api/test-rule';
import { RecordSearch } from './record-search';
import { type Operation, operations, type RuleDrafts } from './rule-draft';
import {
  emptyRecord,
  looksAtRecord,
  type RuleTestDraft,
  ruleTestDraft,
  ruleTestOf,
  sendsData,
} from './rule-test-draft';
import { RuleVerdict } from './rule-verdict';

interface RuleTestDrawerProps {
  collection: Collection;
  /** The rules as the form around holds them, saved or not. */
  drafts: RuleDrafts;
  /** Operations whose rule in the form is not saved. */
  unsaved: Operation[];
  /** The operation that is tested first; undefined when the drawer is closed. */
  open: Operation | undefined;
  onClose: () => void;
}

/** Asks the server what a rule decides for a caller and a record. */
export function RuleTestDrawer({ open, onClose, ...props }: RuleTestDrawerProps) {
  return (
    <Drawer
      open={open !== undefined}
      onOpenChange={(next) => !next && onClose()}
      title={t('ruleTest.title')}
      description={t('ruleTest.lead')}
      className="max-w-2xl"
    >
      {open && <RuleTestForm key={open} first={open} onClose={onClose} {...props} />}
    </Drawer>
  );
}

type FormProps = Omit<RuleTestDrawerProps, 'open'> & { first: Operation };

function RuleTestForm({ collection, drafts, unsaved, first, onClose }: FormProps) {
  const form = useForm<RuleTestDraft>({
    resolver: zodResolver(ruleTestDraft),
    defaultValues: {
      operation: first,
      caller: 'user',
      user: null,
      account: '',
      subject: 'stored',
      recordId: '',
      record: emptyRecord(collection),
      data: '{}',
    },
  });
  const accounts = useQuery(accountChoices());
  const test = useTestRule(collection.name);
  const { failure, clear, show } = useFormFailure(form, { record_id: 'recordId', record: 'record', data: 'data' });
  const { errors } = form.formState;
  const [operation, caller, subject] = useWatch({ control: form.control, name: ['operation', 'caller', 'subject'] });
  // A mode without expression is no text that could stand in for the stored rule.
  const trial = unsaved.includes(operation) && drafts[operation].mode === 'custom' && drafts[operation].expression;

  const submit = form.handleSubmit(async (values) => {
    clear();
    try {
      await test.mutateAsync(ruleTestOf(values, trial || undefined, drafts.updateCheck.trim()));
    } catch (error) {
      show(error);
    }
  });

  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <form noValidate className="contents" onSubmit={(event) => void submit(event)} onKeyDown={submitOnModEnter}>
      <DialogBody>
        <div className="grid gap-5 sm:grid-cols-2">
          <Field label={t('ruleTest.operation')} hint={trial ? t('ruleTest.unsavedText') : undefined}>
            {(control) => (
              <Select {...control} {...form.register('operation', { onChange: () => test.reset() })}>
                {operations.map((name) => (
                  <option key={name} value={name}>
                    {t(`rules.${name}`)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Controller
            control={form.control}
            name="caller"
            render={({ field }) => (
              <Choice
                label={t('ruleTest.as')}
                name={field.name}
                value={field.value}
                onChange={field.onChange}
                options={[
                  { value: 'user', label: t('ruleTest.user') },
                  { value: 'anonymous', label: t('ruleTest.anonymous') },
                ]}
              />
            )}
          />
        </div>
        {caller === 'user' ? (
          <Controller
            control={form.control}
            name="user"
            render={({ field }) => (
              <div>
                <p className="mb-1.5 font-medium">{t('ruleTest.who')}</p>
                {field.value ? (
                  <p className="flex min-h-9 items-center justify-between gap-3 rounded-lg border bg-subtle/60 pr-1 pl-3">
                    <span className="truncate">{field.value.email}</span>
                    <Button size="sm" variant="ghost" onClick={() => field.onChange(null)}>
                      {t('ruleTest.change')}
                    </Button>
                  </p>
                ) : (
                  <UserSearch
                    label={t('ruleTest.findUser')}
                    onPick={({ id, email }) => field.onChange({ id, email })}
                  />
                )}
                <Fault message={errors.user?.message} />
              </div>
            )}
          />
        ) : (
          <Field label={t('ruleTest.account')} error={errors.account?.message} hint={t('ruleTest.accountHint')}>
            {(control) => (
              <Select {...control} {...form.register('account')}>
                <option value="">{t('ruleTest.chooseAccount')}</option>
                {accounts.data?.map((account) => (
                  <option key={account.id} value={account.account_code}>
                    {account.name}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        )}
        {looksAtRecord(operation) && (
          <>
            <Controller
              control={form.control}
              name="subject"
              render={({ field }) => (
                <Choice
                  label={t('ruleTest.record')}
                  name={field.name}
                  value={field.value}
                  onChange={field.onChange}
                  options={[
                    { value: 'stored', label: t('ruleTest.stored') },
                    { value: 'draft', label: t('ruleTest.draft') },
                  ]}
                />
              )}
            />
            {subject === 'stored' ? (
              <div>
                <Controller
                  control={form.control}
                  name="recordId"
                  render={({ field }) => (
                    <RecordSearch collection={collection} value={field.value} onChange={field.onChange} />
                  )}
                />
                <Fault message={errors.recordId?.message} />
              </div>
            ) : (
              <Field label={t('ruleTest.draftLabel')} error={errors.record?.message} hint={t('ruleTest.draftHint')}>
                {(control) => (
                  <Controller
                    control={form.control}
                    name="record"
                    render={({ field: { value, onChange, onBlur, ref } }) => (
                      <CodeEditor {...control} {...{ value, onChange, onBlur, ref }} language="json" rows={6} />
                    )}
                  />
                )}
              </Field>
            )}
          </>
        )}
        {sendsData(operation) && (
          <Field label={t('ruleTest.data')} error={errors.data?.message} hint={t('ruleTest.dataHint')}>
            {(control) => (
              <Controller
                control={form.control}
                name="data"
                render={({ field: { value, onChange, onBlur, ref } }) => (
                  <CodeEditor {...control} {...{ value, onChange, onBlur, ref }} language="json" rows={4} />
                )}
              />
            )}
          </Field>
        )}
        <FormError message={failure?.message} error={failure?.error} />
        {test.data && !failure && <RuleVerdict key={test.submittedAt} result={test.data} />}
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>{t('common.close')}</Button>
        <Button type="submit" variant="primary" busy={test.isPending}>
          {!test.isPending && <FlaskConical aria-hidden />}
          {t('ruleTest.run')}
        </Button>
      </DialogFooter>
    </form>
  );
}

function Fault({ message }: { message: string | undefined }) {
  if (!message) return null;
  return (
    <p className="mt-1.5 text-[0.8125rem] text-danger" role="alert">
      {message}
    </p>
  );
}
