import { zodResolver } from '@hookform/resolvers/zod';
import { type ReactNode, useEffect } from 'react';
import { Controller, useForm, type UseFormReturn, useWatch } from 'react-hook-form';
import { toast } from 'sonner';
import { z } from 'zod/mini';
import { asApiError } from '@/shared/api/errors';
import type { Webhook, WebhookWithSecret } from '@/shared/api/types';
import { CollectionInput } from '@/shared/automation/collection-input';
import { ConditionField } from '@/shared/automation/condition-field';
import { EnabledField } from '@/shared/automation/enabled-field';
import { HeaderFields } from '@/shared/automation/header-fields';
import { useRecordVocabulary } from '@/shared/automation/record-vocabulary';
import { t } from '@/shared/i18n';
import { submitOnModEnter } from '@/shared/lib/submit-shortcut';
import { useFormFailure } from '@/shared/lib/use-form-failure';
import { Button } from '@/shared/ui/button';
import { DialogBody, DialogFooter } from '@/shared/ui/dialog';
import { Field, FormError } from '@/shared/ui/field';
import { Checkbox, Input } from '@/shared/ui/input';
import { useCreateWebhook } from './api/create-webhook';
import { useUpdateWebhook } from './api/update-webhook';
import { type WebhookDraft, webhookBody, webhookDraft, webhookEvents, webhookFaults } from './webhook-draft';

const schema = z.custom<WebhookDraft>().check(({ value, issues }) => {
  for (const [field, message] of webhookFaults(value)) {
    issues.push({ code: 'custom', input: value, path: [field], message });
  }
});

interface WebhookFormProps {
  /** The webhook that is changed; absent for a new one. */
  webhook?: Webhook;
  onDirtyChange: (dirty: boolean) => void;
  /** Called with the new webhook and its secret. */
  onCreated?: (webhook: WebhookWithSecret) => void;
  onCancel: () => void;
  footer?: ReactNode;
}

/** Creates a webhook, or changes the given one. */
export function WebhookForm({ webhook, onDirtyChange, onCreated, onCancel, footer }: WebhookFormProps) {
  const form = useForm<WebhookDraft>({ resolver: zodResolver(schema), defaultValues: webhookDraft(webhook) });
  const create = useCreateWebhook();
  const update = useUpdateWebhook();
  const { failure, clear, show } = useFormFailure(form, {
    url: 'url',
    collection: 'collection',
    events: 'events',
    filter: 'filter',
    headers: 'headers',
    secret: 'secret',
  });
  const { errors, isDirty } = form.formState;
  useEffect(() => {
    onDirtyChange(isDirty);
    return () => onDirtyChange(false);
  }, [isDirty, onDirtyChange]);

  const submit = form.handleSubmit(async (draft) => {
    clear();
    const body = webhookBody(draft);
    try {
      if (webhook) await update.mutateAsync({ id: webhook.id, body });
      const made = webhook ? undefined : await create.mutateAsync(body);
      onDirtyChange(false);
      toast.success(t(made ? 'webhooks.createdToast' : 'webhooks.savedToast'));
      if (made) onCreated?.(made);
    } catch (error) {
      const { message } = asApiError(error);
      // The server writes these two as one sentence.
      if (message.startsWith('Invalid filter: ')) {
        form.setError('filter', { type: 'server', message: message.slice('Invalid filter: '.length) });
      } else if (message.startsWith('Webhook URL ')) {
        form.setError('url', { type: 'server', message }, { shouldFocus: true });
      } else show(error);
    }
  });

  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <form noValidate className="contents" onSubmit={(event) => void submit(event)} onKeyDown={submitOnModEnter}>
      <DialogBody>
        <FormError message={failure?.message} error={failure?.error} />
        <Field label={t('automation.url')} error={errors.url?.message} required>
          {(control) => (
            <Input
              {...control}
              type="url"
              className="font-mono text-[0.8125rem]"
              placeholder="https://example.com/snackbase"
              autoFocus={!webhook}
              autoComplete="off"
              spellCheck={false}
              {...form.register('url')}
            />
          )}
        </Field>
        <Field label={t('webhooks.collection')} error={errors.collection?.message} required>
          {(control) => <CollectionInput {...control} {...form.register('collection')} />}
        </Field>
        <Events form={form} />
        <Filter form={form} />
        <Controller
          control={form.control}
          name="headers"
          render={({ field: { value, onChange } }) => (
            <HeaderFields
              value={value}
              onChange={onChange}
              hint={t('webhooks.headersHint')}
              error={errors.headers?.message}
            />
          )}
        />
        {!webhook && (
          <Field label={t('webhooks.secret')} hint={t('webhooks.secretHint')} error={errors.secret?.message}>
            {(control) => (
              <Input
                {...control}
                className="font-mono text-[0.8125rem]"
                autoComplete="off"
                spellCheck={false}
                {...form.register('secret')}
              />
            )}
          </Field>
        )}
        <EnabledField label={t('webhooks.enabled')} hint={t('webhooks.enabledHint')} {...form.register('enabled')} />
      </DialogBody>
      <DialogFooter>
        {footer}
        <Button onClick={onCancel}>{t('common.cancel')}</Button>
        <Button
          type="submit"
          variant="primary"
          disabled={webhook !== undefined && !isDirty}
          busy={create.isPending || update.isPending}
        >
          {webhook ? t('common.save') : t('webhooks.create')}
        </Button>
      </DialogFooter>
    </form>
  );
}

function Events({ form }: { form: UseFormReturn<WebhookDraft> }) {
  const error = form.formState.errors.events?.message;
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 font-medium">{t('webhooks.events')}</legend>
      <div className="flex flex-wrap gap-x-6 gap-y-2">
        {webhookEvents.map((event) => (
          <label key={event} className="flex items-center gap-2">
            <Checkbox value={event} {...form.register('events')} />
            {t(`webhooks.eventNames.${event}`)}
          </label>
        ))}
      </div>
      {error && (
        <p className="mt-1.5 text-[0.8125rem] text-danger" role="alert">
          {error}
        </p>
      )}
    </fieldset>
  );
}

function Filter({ form }: { form: UseFormReturn<WebhookDraft> }) {
  const collection = useWatch({ control: form.control, name: 'collection' });
  const vocabulary = useRecordVocabulary(collection.trim());
  return (
    <Controller
      control={form.control}
      name="filter"
      render={({ field: { value, onChange, onBlur, ref } }) => (
        <ConditionField
          ref={ref}
          label={t('webhooks.filter')}
          hint={t('webhooks.filterHint')}
          placeholder="status = 'paid'"
          value={value}
          onChange={(text) => {
            form.clearErrors('filter');
            onChange(text);
          }}
          onBlur={onBlur}
          vocabulary={vocabulary}
          error={form.formState.errors.filter?.message}
        />
      )}
    />
  );
}
