import { zodResolver } from '@hookform/resolvers/zod';
import { useState } from 'react';
import { FormProvider, useForm } from 'react-hook-form';
import { z } from 'zod/mini';
import { t } from '@/shared/i18n';
import { newPassword } from '@/shared/lib/password-schema';
import { useFormFailure } from '@/shared/lib/use-form-failure';
import { Button } from '@/shared/ui/button';
import { BackToSignIn, EntryFrame, EntryNotice } from '@/shared/ui/entry-frame';
import { Field, FormError } from '@/shared/ui/field';
import { Input } from '@/shared/ui/input';
import { NewPasswordFields } from '@/shared/ui/new-password-fields';
import { useRegister } from './api/register';

const schema = z
  .object({
    name: z
      .string()
      .check(
        z.trim(),
        z.minLength(1, { error: () => t('error.required') }),
        z.maxLength(255, { error: () => t('accounts.nameLong') }),
      ),
    slug: z.string().check(z.trim(), z.regex(/^([a-z][a-z0-9-]{2,31})?$/, { error: () => t('register.slugForm') })),
    email: z.email({ error: () => t('error.email') }),
    password: newPassword(),
    repeat: z.string(),
  })
  .check(
    z.refine((values) => values.password === values.repeat, { path: ['repeat'], error: () => t('password.differs') }),
  );

type Values = z.infer<typeof schema>;

/** An account of one's own, with oneself as its admin. */
export function RegisterPage() {
  const form = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: { name: '', slug: '', email: '', password: '', repeat: '' },
  });
  const register = useRegister();
  const [made, setMade] = useState<{ email: string; slug: string } | null>(null);
  const { failure, clear, show } = useFormFailure(form, {
    account_name: 'name',
    account_slug: 'slug',
    email: 'email',
    password: 'password',
  });
  const { errors } = form.formState;

  const submit = form.handleSubmit(async ({ name, slug, email, password }) => {
    clear();
    try {
      const reply = await register.mutateAsync({ email, password, account_name: name, account_slug: slug || null });
      setMade({ email: reply.user.email, slug: reply.account.slug });
    } catch (error) {
      show(error);
    }
  });

  if (made) {
    return (
      <EntryNotice tone="mail" title={t('register.mailTitle')} text={t('register.mail', { email: made.email })}>
        <p className="rounded-lg border bg-subtle/60 px-4 py-3">
          {t('register.slugIs')} <code className="font-mono font-semibold">{made.slug}</code>
        </p>
        <BackToSignIn account={made.slug} />
      </EntryNotice>
    );
  }
  return (
    <EntryFrame title={t('register.title')} lead={t('register.lead')}>
      <FormProvider {...form}>
        <form className="space-y-5" noValidate onSubmit={(event) => void submit(event)}>
          <FormError message={failure?.message} error={failure?.error} />
          <Field label={t('register.name')} error={errors.name?.message} required>
            {(control) => <Input {...control} autoComplete="organization" autoFocus {...form.register('name')} />}
          </Field>
          <Field label={t('accounts.slug')} error={errors.slug?.message} hint={t('accounts.slugHint')}>
            {(control) => (
              <Input
                {...control}
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
                {...form.register('slug')}
              />
            )}
          </Field>
          <Field label={t('fields.email')} error={errors.email?.message} required>
            {(control) => <Input {...control} type="email" autoComplete="username" {...form.register('email')} />}
          </Field>
          <NewPasswordFields />
          <Button type="submit" variant="primary" size="lg" className="w-full" busy={register.isPending}>
            {t('register.submit')}
          </Button>
        </form>
      </FormProvider>
      <BackToSignIn />
    </EntryFrame>
  );
}
