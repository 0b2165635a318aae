import { useQuery } from '@tanstack/react-query';
import { useBlocker } from '@tanstack/react-router';
import { FlaskConical, Globe, Lock, ScrollText } from 'lucide-react';
import { useState } from 'react';
import { Controller, useForm, useWatch } from 'react-hook-form';
import { toast } from 'sonner';
import { type ApiError, asApiError } from '@/shared/api/errors';
import type { Collection, CollectionRules, FieldDefinition } from '@/shared/api/types';
import { collectionRules } from '@/shared/collections/get-rules';
import { t } from '@/shared/i18n';
import { submitOnModEnter } from '@/shared/lib/submit-shortcut';
import { Button } from '@/shared/ui/button';
import { Choice } from '@/shared/ui/choice';
import { Field, FormError } from '@/shared/ui/field';
import { Textarea } from '@/shared/ui/input';
import { Card } from '@/shared/ui/page';
import { ErrorState, Skeleton } from '@/shared/ui/states';
import { useUpdateRules } from './api/update-rules';
import { type Operation, operations, ruleDrafts, type RuleDrafts, ruleFault, rulesUpdate } from './rule-draft';
import { RuleSql } from './rule-sql';
import { RuleTestDrawer } from './rule-test-drawer';

const modes = [
  { value: 'locked', icon: Lock, iconClass: 'text-accent' },
  { value: 'public', icon: Globe, iconClass: 'text-success' },
  { value: 'custom', icon: ScrollText, iconClass: 'text-accent' },
] as const;

interface RulesFormProps {
  collection: Collection;
  /** The operation whose test is open. */
  test: Operation | undefined;
  onTestChange: (operation: Operation | undefined) => void;
}

/** Who may list, view, create, update and delete records of a collection. */
export function RulesForm(props: RulesFormProps) {
  const rules = useQuery(collectionRules(props.collection.name));
  if (rules.isError) {
    return (
      <Card>
        <ErrorState error={rules.error} onRetry={() => void rules.refetch()} />
      </Card>
    );
  }
  if (!rules.data) {
    return (
      <div className="space-y-3" role="status" aria-label={t('common.loading')}>
        {operations.map((operation) => (
          <Skeleton key={operation} className="h-[4.25rem] w-full rounded-xl" />
        ))}
      </div>
    );
  }
  return <LoadedRules key={rules.data.updated_at} rules={rules.data} {...props} />;
}

function LoadedRules({ collection, rules, test, onTestChange }: RulesFormProps & { rules: CollectionRules }) {
  const knowsCheck = rules.update_check_rule !== undefined;
  const form = useForm<RuleDrafts>({ defaultValues: ruleDrafts(rules) });
  const drafts = useWatch({ control: form.control }) as RuleDrafts;
  const update = useUpdateRules(collection.name);
  const [failure, setFailure] = useState<{ message: string; error: ApiError } | null>(null);
  const { isDirty, dirtyFields, errors } = form.formState;
  useBlocker({
    shouldBlockFn: () => isDirty && !update.isPending && !window.confirm(t('common.discard')),
    enableBeforeUnload: () => isDirty,
  });

  const submit = form.handleSubmit(async (values) => {
    setFailure(null);
    try {
      const saved = await update.mutateAsync(rulesUpdate(values, knowsCheck));
      form.reset(ruleDrafts(saved));
      toast.success(t('rules.saved'));
    } catch (error) {
      const apiError = asApiError(error);
      const fault = ruleFault(apiError.message);
      if (fault) form.setError(fault.control, { type: 'server', message: fault.message }, { shouldFocus: true });
      else setFailure({ message: apiError.message, error: apiError });
    }
  });

  return (
    <>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <form noValidate onSubmit={(event) => void submit(event)} onKeyDown={submitOnModEnter} className="space-y-5">
        <p className="text-muted">{t('rules.lead')}</p>
        <FormError message={failure?.message} error={failure?.error} />
        <Card className="divide-y">
          {operations.map((operation) => (
            <fieldset key={operation} className="p-4">
              <legend className="sr-only">{t(`rules.${operation}`)}</legend>
              <div className="flex flex-wrap items-center justify-between gap-3">
                <div>
                  <h3 className="font-medium" aria-hidden>
                    {t(`rules.${operation}`)}
                  </h3>
                  <p className="text-[0.8125rem] text-muted">{t(`rules.is.${drafts[operation].mode}`)}</p>
                </div>
                <div className="flex items-center gap-2">
                  <Controller
                    control={form.control}
                    name={`${operation}.mode`}
                    render={({ field }) => (
                      <Choice
                        name={field.name}
                        value={field.value}
                        onChange={field.onChange}
                        options={modes.map((mode) => ({ ...mode, label: t(`rules.mode.${mode.value}`) }))}
                      />
                    )}
                  />
                  <Button
                    variant="ghost"
                    size="icon"
                    aria-label={t('ruleTest.open', { operation: t(`rules.${operation}`) })}
                    title={t('ruleTest.title')}
                    onClick={() => onTestChange(operation)}
                  >
                    <FlaskConical aria-hidden />
                  </Button>
                </div>
              </div>
              {drafts[operation].mode === 'custom' && (
                <Field
                  label={t('rules.expression')}
                  labelHidden
                  error={errors[operation]?.expression?.message}
                  className="mt-3"
                >
                  {(props) => (
                    <Textarea
                      {...props}
                      rows={2}
                      className="min-h-0 font-mono text-[0.8125rem]"
                      placeholder="created_by = @request.auth.id"
                      spellCheck={false}
                      {...form.register(`${operation}.expression`, {
                        validate: (value, all) =>
                          all[operation].mode !== 'custom' || value.trim() !== '' || t('rules.needsExpression'),
                      })}
                    />
                  )}
                </Field>
              )}
              {operation === 'update' && knowsCheck && drafts.update.mode !== 'locked' && (
                <Field
                  label={t('rules.updateCheck')}
                  error={errors.updateCheck?.message}
                  hint={t('rules.updateCheckHint')}
                  className="mt-3"
                >
                  {(props) => (
                    <Textarea
                      {...props}
                      rows={2}
                      className="min-h-0 font-mono text-[0.8125rem]"
                      placeholder={t('rules.noCheck')}
                      spellCheck={false}
                      {...form.register('updateCheck')}
                    />
                  )}
                </Field>
              )}
            </fieldset>
          ))}
        </Card>
        <RuleHelp schema={collection.schema} />
        <RuleSql name={collection.name} />
        <div className="flex justify-end gap-2 border-t pt-5">
          <Button disabled={!isDirty || update.isPending} onClick={() => form.reset()}>
            {t('collections.revert')}
          </Button>
          <Button type="submit" variant="primary" disabled={!isDirty} busy={update.isPending}>
            {t('common.save')}
          </Button>
        </div>
      </form>
      <RuleTestDrawer
        collection={collection}
        drafts={drafts}
        unsaved={operations.filter((operation) => dirtyFields[operation])}
        open={test}
        onClose={() => onTestChange(undefined)}
      />
    </>
  );
}

/** What an expression can name. */
function RuleHelp({ schema }: { schema: FieldDefinition[] }) {
  const fields = [...schema.map((field) => field.name), 'created_by', 'created_at'];
  const groups = [
    { title: t('rules.helpFields'), items: fields },
    {
      title: t('rules.helpCaller'),
      items: ['@request.auth.id', '@request.auth.email', '@request.auth.role', '@request.data.<field>'],
    },
    {
      title: t('rules.helpMacros'),
      items: ['@owns_record()', '@has_role("admin")', '@has_group("editors")', '@is_public()'],
    },
    { title: t('rules.helpOperators'), items: ['=  !=  <  <=  >  >=  ~', '&&  ||  !', 'IN (…)', 'IS NULL'] },
  ];
  return (
    <details className="rounded-xl border bg-subtle/50 px-4 py-3">
      <summary className="cursor-pointer rounded font-medium">{t('rules.help')}</summary>
      <dl className="mt-3 grid gap-4 sm:grid-cols-2">
        {groups.map(({ title, items }) => (
          <div key={title}>
            <dt className="text-[0.8125rem] text-muted">{title}</dt>
            <dd className="mt-1.5 flex flex-wrap gap-1.5">
              {items.map((item) => (
                <code
                  key={item}
                  className="rounded-md border bg-surface px-1.5 py-0.5 font-mono text-xs whitespace-pre"
                >
                  {item}
                </code>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
