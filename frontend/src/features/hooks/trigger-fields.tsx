import { Controller, type UseFormReturn, useWatch } from 'react-hook-form';
import type { Hook } from '@/shared/api/types';
import { CollectionInput } from '@/shared/automation/collection-input';
import { t } from '@/shared/i18n';
import { Button } from '@/shared/ui/button';
import { Choice } from '@/shared/ui/choice';
import { Field } from '@/shared/ui/field';
import { Input, Select } from '@/shared/ui/input';
import { Time } from '@/shared/ui/time';
import { type HookDraft, hookEvents, isRecordEvent, triggerTypes } from './hook-draft';
import { eventWords } from './hook-words';

interface TriggerFieldsProps {
  form: UseFormReturn<HookDraft>;
  /** The hook that is stored, whose schedule the server has put into words. */
  hook?: Hook;
}

/** What sets the hook off. */
export function TriggerFields({ form, hook }: TriggerFieldsProps) {
  const trigger = useWatch({ control: form.control, name: 'trigger' });
  return (
    <div className="space-y-4">
      <Controller
        control={form.control}
        name="trigger"
        render={({ field: { value, onChange } }) => (
          <Choice
            label={t('hooks.trigger')}
            name="hook-trigger"
            value={value}
            onChange={onChange}
            options={triggerTypes.map((type) => ({ value: type, label: t(`hooks.triggers.${type}`) }))}
          />
        )}
      />
      {trigger === 'event' && <EventFields form={form} />}
      {trigger === 'schedule' && <CronField form={form} hook={hook} />}
      {trigger === 'manual' && <p className="text-muted">{t('hooks.manualHint')}</p>}
    </div>
  );
}

function EventFields({ form }: Pick<TriggerFieldsProps, 'form'>) {
  const event = useWatch({ control: form.control, name: 'event' });
  const { errors } = form.formState;
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label={t('hooks.event')} error={errors.event?.message} required>
        {(control) => (
          <Select {...control} {...form.register('event')}>
            {hookEvents.map((name) => (
              <option key={name} value={name}>
                {eventWords(name)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {isRecordEvent(event) && (
        <Field label={t('hooks.collection')} error={errors.collection?.message} hint={t('hooks.collectionHint')}>
          {(control) => (
            <CollectionInput {...control} placeholder={t('hooks.anyCollection')} {...form.register('collection')} />
          )}
        </Field>
      )}
    </div>
  );
}

const presets = [
  { cron: '*/5 * * * *', label: 'hooks.presets.fiveMinutes' },
  { cron: '0 * * * *', label: 'hooks.presets.hour' },
  { cron: '0 9 * * *', label: 'hooks.presets.day' },
  { cron: '0 9 * * 1-5', label: 'hooks.presets.weekday' },
  { cron: '0 9 * * 1', label: 'hooks.presets.week' },
  { cron: '0 9 1 * *', label: 'hooks.presets.month' },
] as const;

function CronField({ form, hook }: TriggerFieldsProps) {
  const cron = useWatch({ control: form.control, name: 'cron' });
  const stored = hook?.cron !== null && hook?.cron === cron.trim();
  return (
    <div>
      <Field
        label={t('hooks.cron')}
        error={form.formState.errors.cron?.message}
        hint={stored ? <Schedule hook={hook} /> : t('hooks.cronHint')}
        required
      >
        {(control) => (
          <Input
            {...control}
            className="max-w-64 font-mono"
            autoComplete="off"
            spellCheck={false}
            {...form.register('cron')}
          />
        )}
      </Field>
      <div className="mt-2.5 flex flex-wrap gap-1.5" role="group" aria-label={t('hooks.presetsLabel')}>
        {presets.map((preset) => (
          <Button
            key={preset.cron}
            size="sm"
            aria-pressed={cron.trim() === preset.cron}
            className="aria-pressed:border-accent aria-pressed:text-accent"
            onClick={() => {
              form.setValue('cron', preset.cron, { shouldDirty: true });
              form.clearErrors('cron');
            }}
          >
            {t(preset.label)}
          </Button>
        ))}
      </div>
    </div>
  );
}

/** What the server makes of the stored schedule. */
function Schedule({ hook }: { hook: Hook }) {
  return (
    <span className="flex flex-wrap gap-x-2">
      <span className="font-medium text-foreground">{hook.cron_description}</span>
      {hook.next_run_at ? (
        <span>
          {t('hooks.nextRun')} <Time value={hook.next_run_at} />
        </span>
      ) : (
        <span>{t('hooks.notDue')}</span>
      )}
    </span>
  );
}
