import { zodResolver } from '@hookform/resolvers/zod';
import { type ReactNode, useEffect } from 'react';
import { Controller, useForm, type UseFormReturn, useWatch } from 'react-hook-form';
import { toast } from 'sonner';
import { z } from 'zod/mini';
import { asApiError } from '@/shared/api/errors';
import type { Hook } from '@/shared/api/types';
import { ConditionField } from '@/shared/automation/condition-field';
import { EnabledField } from '@/shared/automation/enabled-field';
import { useRecordVocabulary } from '@/shared/automation/record-vocabulary';
import { t } from '@/shared/i18n';
import { submitOnModEnter } from '@/shared/lib/submit-shortcut';
import { useFormFailure } from '@/shared/lib/use-form-failure';
import { Button } from '@/shared/ui/button';
import { DialogBody, DialogFooter } from '@/shared/ui/dialog';
import { Field, FormError } from '@/shared/ui/field';
import { Input } from '@/shared/ui/input';
import { ActionList } from './action-list';
import { useCreateHook } from './api/create-hook';
import { useUpdateHook } from './api/update-hook';
import { type HookDraft, hookBody, hookDraft, isRecordEvent } from './hook-draft';
import { draftFaults } from './hook-faults';
import { TemplateHelp } from './template-help';
import { templateNames } from './template-names';
import { TriggerFields } from './trigger-fields';

const schema = z.custom<HookDraft>().check(({ value, issues }) => {
  for (const fault of draftFaults(value)) issues.push({ code: 'custom', input: value, ...fault });
});

/** Refusals that the server writes as one sentence, and the field each is about. */
const sentences = [
  { start: 'Invalid condition: ', field: 'condition' },
  { start: 'Invalid cron expression: ', field: 'cron' },
] as const;

interface HookFormProps {
  /** The hook that is changed; absent for a new one. */
  hook?: Hook;
  onDirtyChange: (dirty: boolean) => void;
  onSaved: (hook: Hook) => void;
  onCancel: () => void;
  footer?: ReactNode;
}

/** Creates a hook, or changes the given one. */
export function HookForm({ hook, onDirtyChange, onSaved, onCancel, footer }: HookFormProps) {
  const form = useForm<HookDraft>({ resolver: zodResolver(schema), defaultValues: hookDraft(hook) });
  const create = useCreateHook();
  const update = useUpdateHook();
  const { failure, clear, show } = useFormFailure(form, {
    name: 'name',
    description: 'description',
    trigger: 'trigger',
    'trigger.event.event': 'event',
    'trigger.event.collection': 'collection',
    'trigger.schedule.cron': 'cron',
    condition: 'condition',
  });
  const { errors, isDirty } = form.formState;
  const trigger = useWatch({ control: form.control, name: 'trigger' });
  useEffect(() => {
    onDirtyChange(isDirty);
    return () => onDirtyChange(false);
  }, [isDirty, onDirtyChange]);

  const submit = form.handleSubmit(async (draft) => {
    clear();
    const body = hookBody(draft);
    try {
      const saved = hook ? await update.mutateAsync({ id: hook.id, body }) : await create.mutateAsync(body);
      onDirtyChange(false);
      toast.success(t(hook ? 'hooks.savedToast' : 'hooks.createdToast', { name: saved.name }));
      onSaved(saved);
    } catch (error) {
      const { message } = asApiError(error);
      const sentence = sentences.find(({ start }) => message.startsWith(start));
      if (sentence) form.setError(sentence.field, { type: 'server', message: message.slice(sentence.start.length) });
      else show(error);
    }
  });

  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <form noValidate className="contents" onSubmit={(event) => void submit(event)} onKeyDown={submitOnModEnter}>
      <DialogBody>
        <FormError message={failure?.message} error={failure?.error} />
        <Field label={t('common.name')} error={errors.name?.message} required>
          {(control) => <Input {...control} autoFocus={!hook} autoComplete="off" {...form.register('name')} />}
        </Field>
        <Field label={t('common.description')} error={errors.description?.message}>
          {(control) => <Input {...control} autoComplete="off" {...form.register('description')} />}
        </Field>
        <TriggerFields form={form} hook={hook} />
        {trigger === 'event' && <Condition form={form} />}
        <ActionList form={form} />
        <Placeholders form={form} />
        <EnabledField label={t('hooks.enabled')} hint={t('hooks.enabledHint')} {...form.register('enabled')} />
      </DialogBody>
      <DialogFooter>
        {footer}
        <Button onClick={onCancel}>{t('common.cancel')}</Button>
        <Button
          type="submit"
          variant="primary"
          disabled={hook !== undefined && !isDirty}
          busy={create.isPending || update.isPending}
        >
          {hook ? t('common.save') : t('hooks.create')}
        </Button>
      </DialogFooter>
    </form>
  );
}

function Condition({ form }: { form: UseFormReturn<HookDraft> }) {
  const collection = useWatch({ control: form.control, name: 'collection' });
  const vocabulary = useRecordVocabulary(collection.trim());
  return (
    <Controller
      control={form.control}
      name="condition"
      render={({ field: { value, onChange, onBlur, ref } }) => (
        <ConditionField
          ref={ref}
          label={t('hooks.condition')}
          hint={t('hooks.conditionHint')}
          placeholder="status = 'paid' && total > 100"
          value={value}
          onChange={(text) => {
            form.clearErrors('condition');
            onChange(text);
          }}
          onBlur={onBlur}
          vocabulary={vocabulary}
          error={form.formState.errors.condition?.message}
        />
      )}
    />
  );
}

function Placeholders({ form }: { form: UseFormReturn<HookDraft> }) {
  const [trigger, event, collection] = useWatch({ control: form.control, name: ['trigger', 'event', 'collection'] });
  const { fields } = useRecordVocabulary(collection.trim());
  const names = templateNames(
    { trigger, event },
    fields.map(({ name }) => name),
  );
  return <TemplateHelp names={names} noRecord={trigger !== 'event' || !isRecordEvent(event)} />;
}
