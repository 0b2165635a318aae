import { useQuery } from '@tanstack/react-query';
import { useBlocker } from '@tanstack/react-router';
import { Globe, Lock, ScrollText } from 'lucide-react';
import { useState } from 'react';
import { Controller, useForm, useWatch } from 'react-hook-form';
import { toast } from 'sonner';
import { type ApiError, asApiError } from '@/shared/api/errors';
import type { CollectionRules, FieldDefinition } from '@/shared/api/types';
import { collectionRules } from '@/shared/collections/get-rules';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { submitOnModEnter } from '@/shared/lib/submit-shortcut';
import { Button } from '@/shared/ui/button';
import { Field, FormError } from '@/shared/ui/field';
import { Textarea } from '@/shared/ui/input';
import { Card } from '@/shared/ui/page';
import { ErrorState, Skeleton } from '@/shared/ui/states';
import { useUpdateRules } from './api/update-rules';
import { operations, ruleDrafts, type RuleDrafts, ruleFault, type RuleMode, rulesUpdate } from './rule-draft';

const modes = [
  { value: 'locked', icon: Lock },
  { value: 'public', icon: Globe },
  { value: 'custom', icon: ScrollText },
] as const;

/** Who may list, view, create, update and delete records of a collection. */
export function RulesForm({ name, schema }: { name: string; schema: FieldDefinition[] }) {
  const rules = useQuery(collectionRules(name));
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
  return <LoadedRules key={rules.data.updated_at} name={name} rules={rules.data} schema={schema} />;
}

function LoadedRules({ name, rules, schema }: { name: string; rules: CollectionRules; schema: FieldDefinition[] }) {
  const form = useForm<RuleDrafts>({ defaultValues: ruleDrafts(rules) });
  const drafts = useWatch({ control: form.control }) as RuleDrafts;
  const update = useUpdateRules(name);
  const [failure, setFailure] = useState<{ message: string; error: ApiError } | null>(null);
  const { isDirty, errors } = form.formState;
  useBlocker({
    shouldBlockFn: () => isDirty && !update.isPending && !window.confirm(t('common.discard')),
    enableBeforeUnload: () => isDirty,
  });

  const submit = form.handleSubmit(async (values) => {
    setFailure(null);
    try {
      const saved = await update.mutateAsync(rulesUpdate(values));
      form.reset(ruleDrafts(saved));
      toast.success(t('rules.saved'));
    } catch (error) {
      const apiError = asApiError(error);
      const fault = ruleFault(apiError.message);
      if (fault)
        form.setError(
          `${fault.operation}.expression`,
          { type: 'server', message: fault.message },
          { shouldFocus: true },
        );
      else setFailure({ message: apiError.message, error: apiError });
    }
  });

  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
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
              <Controller
                control={form.control}
                name={`${operation}.mode`}
                render={({ field }) => <ModeChoice name={field.name} value={field.value} onChange={field.onChange} />}
              />
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
          </fieldset>
        ))}
      </Card>
      <RuleHelp schema={schema} />
      <div className="flex justify-end gap-2 border-t pt-5">
        <Button disabled={!isDirty || update.isPending} onClick={() => form.reset()}>
          {t('collections.revert')}
        </Button>
        <Button type="submit" variant="primary" disabled={!isDirty} busy={update.isPending}>
          {t('common.save')}
        </Button>
      </div>
    </form>
  );
}

function ModeChoice({ name, value, onChange }: { name: string; value: RuleMode; onChange: (mode: RuleMode) => void }) {
  return (
    <div className="flex rounded-lg border bg-subtle p-0.5">
      {modes.map(({ value: mode, icon: Icon }) => (
        <label
          key={mode}
          className={cn(
            'flex h-8 cursor-pointer items-center gap-1.5 rounded-md px-2.5 text-[0.8125rem] font-medium text-muted has-focus-visible:outline-2 has-focus-visible:outline-ring',
            mode === value ? 'bg-surface text-foreground shadow-card ring-1 ring-border' : 'hover:text-foreground',
          )}
        >
          <input
            type="radio"
            className="sr-only"
            name={name}
            value={mode}
            checked={mode === value}
            onChange={() => onChange(mode)}
          />
          <Icon
            className={cn('size-3.5', mode === value && (mode === 'public' ? 'text-success' : 'text-accent'))}
            aria-hidden
          />
          {t(`rules.mode.${mode}`)}
        </label>
      ))}
    </div>
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
