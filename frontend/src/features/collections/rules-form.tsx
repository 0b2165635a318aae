import { useQuery } from '@tanstack/react-query';
import { useBlocker } from '@tanstack/react-router';
import { Globe } from 'lucide-react';
import { useState } from 'react';
import { FormProvider, useForm, useWatch } from 'react-hook-form';
import { toast } from 'sonner';
import { type ApiError, asApiError } from '@/shared/api/errors';
import type { Collection, CollectionRules } from '@/shared/api/types';
import { collectionRules } from '@/shared/collections/get-rules';
import { t } from '@/shared/i18n';
import { submitOnModEnter } from '@/shared/lib/submit-shortcut';
import { Button } from '@/shared/ui/button';
import { FormError } from '@/shared/ui/field';
import { Card } from '@/shared/ui/page';
import { ErrorState, Skeleton } from '@/shared/ui/states';
import { useUpdateRules } from './api/update-rules';
import { RuleCard } from './rule-card';
import { type Operation, operations, ruleDrafts, type RuleDrafts, ruleFault, rulesUpdate } from './rule-draft';
import { RuleHelp } from './rule-help';
import { RuleSql } from './rule-sql';
import { RuleTestDrawer } from './rule-test-drawer';

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
  const { isDirty, dirtyFields } = form.formState;
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
    <FormProvider {...form}>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <form noValidate onSubmit={(event) => void submit(event)} onKeyDown={submitOnModEnter} className="space-y-5">
        <p className="text-muted">{t('rules.lead')}</p>
        <PublicBanner drafts={drafts} />
        <FormError message={failure?.message} error={failure?.error} />
        <Card className="divide-y">
          {operations.map((operation) => (
            <RuleCard
              key={operation}
              operation={operation}
              schema={collection.schema}
              knowsCheck={knowsCheck}
              onTest={() => onTestChange(operation)}
            />
          ))}
        </Card>
        <RuleHelp schema={collection.schema} />
        <RuleSql name={collection.name} />
        <div className="sticky bottom-0 -mx-1 flex items-center justify-end gap-2 border-t bg-background px-1 py-4">
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
    </FormProvider>
  );
}

/** Says what anybody can do without signing in. */
function PublicBanner({ drafts }: { drafts: RuleDrafts }) {
  const open = operations.filter((operation) => drafts[operation].mode === 'public');
  if (open.length === 0) return null;
  const names = open.map((operation) => t(`rules.${operation}`)).join(', ');
  return (
    <div role="status" className="flex gap-3 rounded-xl bg-success-subtle px-4 py-3 text-success">
      <Globe className="mt-0.5 size-4 shrink-0" aria-hidden />
      <div className="min-w-0">
        <p className="font-medium">{t('rules.publicTitle')}</p>
        <p className="text-[0.8125rem]">{t('rules.publicBanner', { operations: names })}</p>
      </div>
    </div>
  );
}
