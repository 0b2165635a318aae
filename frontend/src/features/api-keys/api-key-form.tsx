import { zodResolver } from '@hookform/resolvers/zod';
import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { useForm, useWatch } from 'react-hook-form';
import { z } from 'zod/mini';
import type { CreatedApiKey } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import { submitOnModEnter } from '@/shared/lib/submit-shortcut';
import { useUnsaved } from '@/shared/lib/unsaved';
import { useFormFailure } from '@/shared/lib/use-form-failure';
import { Button } from '@/shared/ui/button';
import { CopyButton } from '@/shared/ui/copy-button';
import { DialogBody, DialogFooter } from '@/shared/ui/dialog';
import { Field, FormError } from '@/shared/ui/field';
import { Input, Select } from '@/shared/ui/input';
import { useCreateApiKey } from './api/create-api-key';
import { expiryOf, lifetimes } from './expiry';

const schema = z
  .object({
    name: z
      .string()
      .check(
        z.trim(),
        z.minLength(3, { error: () => t('apiKeys.nameLength') }),
        z.maxLength(100, { error: () => t('apiKeys.nameLength') }),
      ),
    lifetime: z.string(),
    day: z.string(),
  })
  .check(
    z.refine((values) => values.lifetime !== 'day' || expiryOf(values.lifetime, values.day, new Date()) !== null, {
      path: ['day'],
      error: () => t('records.badDate'),
    }),
  );

type Values = z.infer<typeof schema>;

/** Makes a key and shows it, once. */
export function ApiKeyForm({ onDone }: { onDone: () => void }) {
  const form = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: { name: '', lifetime: '90', day: '' },
  });
  const lifetime = useWatch({ control: form.control, name: 'lifetime' });
  const create = useCreateApiKey();
  const [made, setMade] = useState<CreatedApiKey | null>(null);
  const done = useUnsaved(form.formState.isDirty && !made, onDone);
  const { failure, clear, show } = useFormFailure(form, { name: 'name', expires_at: 'day' });
  const { errors } = form.formState;

  const submit = form.handleSubmit(async ({ name, lifetime, day }) => {
    clear();
    try {
      setMade(await create.mutateAsync({ name, expires_at: expiryOf(lifetime, day, new Date()) }));
    } catch (error) {
      show(error);
    }
  });

  if (made) return <NewKey made={made} onDone={done} />;
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <form noValidate className="contents" onSubmit={(event) => void submit(event)} onKeyDown={submitOnModEnter}>
      <DialogBody>
        <FormError message={failure?.message} error={failure?.error} />
        <Field label={t('common.name')} error={errors.name?.message} hint={t('apiKeys.nameHint')} required>
          {(control) => <Input {...control} autoFocus autoComplete="off" {...form.register('name')} />}
        </Field>
        <Field label={t('apiKeys.expires')} error={errors.lifetime?.message} required>
          {(control) => (
            <Select {...control} {...form.register('lifetime')}>
              {lifetimes.map((days) => (
                <option key={days} value={days}>
                  {t('apiKeys.inDays', { days })}
                </option>
              ))}
              <option value="day">{t('apiKeys.onDay')}</option>
              <option value="never">{t('apiKeys.never')}</option>
            </Select>
          )}
        </Field>
        {lifetime === 'day' && (
          <Field label={t('apiKeys.day')} error={errors.day?.message} hint={t('apiKeys.dayHint')} required>
            {(control) => <Input {...control} type="date" {...form.register('day')} />}
          </Field>
        )}
      </DialogBody>
      <DialogFooter>
        <Button onClick={done}>{t('common.cancel')}</Button>
        <Button type="submit" variant="primary" busy={create.isPending}>
          {t('apiKeys.create')}
        </Button>
      </DialogFooter>
    </form>
  );
}

function NewKey({ made, onDone }: { made: CreatedApiKey; onDone: () => void }) {
  return (
    <>
      <DialogBody>
        <p role="status" className="flex gap-2.5 rounded-lg bg-accent-subtle px-3 py-2.5 text-accent">
          <TriangleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
          {t('apiKeys.shownOnce')}
        </p>
        <Field label={t('apiKeys.key')}>
          {(control) => (
            <span className="flex items-center gap-2">
              <Input
                {...control}
                readOnly
                autoFocus
                className="font-mono text-[0.8125rem]"
                value={made.key}
                onFocus={(event) => event.target.select()}
              />
              <CopyButton className="size-9 border bg-surface" text={made.key} label={t('apiKeys.copy')} />
            </span>
          )}
        </Field>
        <div>
          <p className="mb-1.5 font-medium">{t('apiKeys.example')}</p>
          <pre className="rounded-lg border bg-subtle/60 px-3 py-2.5 font-mono text-xs break-all whitespace-pre-wrap">
            {`curl -H "X-API-Key: $KEY" ${window.location.origin}/api/v1/collections`}
          </pre>
        </div>
      </DialogBody>
      <DialogFooter>
        <Button variant="primary" onClick={onDone}>
          {t('common.done')}
        </Button>
      </DialogFooter>
    </>
  );
}
