import { CircleCheck, CircleX, PlugZap } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { FormProvider, useForm, useWatch } from 'react-hook-form';
import { asApiError } from '@/shared/api/errors';
import type { ConfigurationValues } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import { submitOnModEnter } from '@/shared/lib/submit-shortcut';
import { useFormFailure } from '@/shared/lib/use-form-failure';
import { Button } from '@/shared/ui/button';
import { DialogBody, DialogFooter } from '@/shared/ui/dialog';
import { Field, FormError } from '@/shared/ui/field';
import { Input, Switch } from '@/shared/ui/input';
import { useTestConnection } from './api/test-connection';
import { formValuesOf, MASK, type Setting, type SettingValues, storedValuesOf } from './provider-schema';
import { SettingField } from './setting-field';

interface Values {
  displayName: string;
  priority: string;
  enabled: boolean;
  settings: SettingValues;
}

/** What a form asks for beside the provider's values, when it is new. */
export interface Heading {
  displayName: string;
  priority: number;
  enabled: boolean;
}

interface ConfigurationFormProps {
  category: string;
  provider: string;
  settings: Setting[];
  /** Values of a stored configuration; absent for a new one. */
  stored?: ConfigurationValues;
  /** Name that a new configuration begins with; absent for a stored one, whose heading is fixed. */
  displayName?: string;
  onDirtyChange: (dirty: boolean) => void;
  /** Stores the values; a rejection is shown. */
  onSubmit: (values: ConfigurationValues, heading: Heading) => Promise<unknown>;
  onCancel: () => void;
  footer?: ReactNode;
}

/** A form made from the JSON Schema of a provider. */
export function ConfigurationForm(props: ConfigurationFormProps) {
  const { category, provider, settings, stored, displayName, onDirtyChange, onSubmit, onCancel, footer } = props;
  const creating = displayName !== undefined;
  const form = useForm<Values>({
    defaultValues: {
      displayName: displayName ?? '',
      priority: '0',
      enabled: true,
      settings: formValuesOf(settings, stored),
    },
  });
  const { failure, clear, show } = useFormFailure(form, { display_name: 'displayName', priority: 'priority' });
  const { errors, isDirty, isSubmitting } = form.formState;
  useEffect(() => {
    onDirtyChange(isDirty);
    return () => onDirtyChange(false);
  }, [isDirty, onDirtyChange]);

  const submit = form.handleSubmit(async ({ displayName, priority, enabled, settings: entered }) => {
    clear();
    try {
      await onSubmit(storedValuesOf(settings, entered, stored), {
        displayName: displayName.trim(),
        priority: Number(priority),
        enabled,
      });
    } catch (error) {
      show(error);
    }
  });

  return (
    <FormProvider {...form}>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <form noValidate className="contents" onSubmit={(event) => void submit(event)} onKeyDown={submitOnModEnter}>
        <DialogBody>
          <FormError message={failure?.message} error={failure?.error} />
          {creating && (
            <>
              <div className="grid gap-5 sm:grid-cols-[1fr_8rem] sm:gap-4">
                <Field label={t('configuration.displayName')} error={errors.displayName?.message} required>
                  {(control) => (
                    <Input
                      {...control}
                      autoComplete="off"
                      {...form.register('displayName', {
                        validate: (text) => text.trim() !== '' || t('error.required'),
                      })}
                    />
                  )}
                </Field>
                <Field label={t('configuration.priority')} error={errors.priority?.message}>
                  {(control) => (
                    <Input
                      {...control}
                      inputMode="numeric"
                      {...form.register('priority', {
                        validate: (text) => /^-?\d{1,6}$/.test(text.trim()) || t('configuration.whole'),
                      })}
                    />
                  )}
                </Field>
              </div>
              <label className="flex items-center gap-3 font-medium">
                <Switch {...form.register('enabled')} />
                {t('configuration.enabled')}
              </label>
              {settings.length > 0 && <hr />}
            </>
          )}
          {settings.length === 0 && <p className="text-muted">{t('configuration.noSettings')}</p>}
          {settings.map((setting) => (
            <SettingField key={setting.name} setting={setting} />
          ))}
          {settings.length > 0 && (
            <ConnectionTest
              category={category}
              provider={provider}
              read={() => storedValuesOf(settings, form.getValues('settings'), stored)}
            />
          )}
        </DialogBody>
        <DialogFooter>
          {footer}
          <Button onClick={onCancel}>{t('common.cancel')}</Button>
          <Button type="submit" variant="primary" disabled={!creating && !isDirty} busy={isSubmitting}>
            {creating ? t('configuration.add') : t('common.save')}
          </Button>
        </DialogFooter>
      </form>
    </FormProvider>
  );
}

interface ConnectionTestProps {
  category: string;
  provider: string;
  read: () => ConfigurationValues;
}

/** Tries the entered values out at the provider. */
function ConnectionTest({ category, provider, read }: ConnectionTestProps) {
  const test = useTestConnection();
  const entered = useWatch<Values, 'settings'>({ name: 'settings' });
  // The server sends no secret back, and what it stored is not used by the test.
  const masked = Object.values(entered).includes(MASK);
  const failure = test.isError ? asApiError(test.error) : null;
  const outcome = test.data ?? (failure && { success: false, message: failure.message });
  const Icon = outcome?.success ? CircleCheck : CircleX;
  return (
    <div className="space-y-3 rounded-xl border border-dashed p-4">
      <div className="flex flex-wrap items-center gap-3">
        <Button
          busy={test.isPending}
          disabled={masked}
          onClick={() => test.mutate({ category, provider, values: read() })}
        >
          {!test.isPending && <PlugZap aria-hidden />}
          {t('configuration.test')}
        </Button>
        <p className="min-w-0 flex-1 basis-48 text-[0.8125rem] text-muted">
          {masked ? t('configuration.testMasked') : t('configuration.testHint')}
        </p>
      </div>
      {outcome && !test.isPending && (
        <p role="status" className={outcome.success ? 'flex gap-2 text-success' : 'flex gap-2 text-danger'}>
          <Icon className="mt-0.5 size-4 shrink-0" aria-hidden />
          <span className="min-w-0 break-words">{outcome.message}</span>
        </p>
      )}
    </div>
  );
}
