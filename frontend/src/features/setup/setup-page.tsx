import { zodResolver } from '@hookform/resolvers/zod';
import { useState } from 'react';
import { useForm, useWatch } from 'react-hook-form';
import { z } from 'zod/mini';
import { t } from '@/shared/i18n';
import { showServerFaults } from '@/shared/lib/form-errors';
import { brokenPasswordRules } from '@/shared/lib/password-rules';
import { Button } from '@/shared/ui/button';
import { EntryFrame } from '@/shared/ui/entry-frame';
import { Field, FormError } from '@/shared/ui/field';
import { Input, PasswordInput } from '@/shared/ui/input';
import { PasswordChecklist } from '@/shared/ui/password-checklist';
import { useCompleteSetup } from './api/complete-setup';

const schema = z
  .object({
    email: z.email({ error: () => t('error.email') }),
    password: z
      .string()
      .check(z.refine((value) => brokenPasswordRules(value).length === 0, { error: () => t('password.weak') })),
    repeat: z.string(),
    token: z.string().check(z.trim(), z.minLength(1, { error: () => t('error.required') })),
  })
  .check(
    z.refine((values) => values.password === values.repeat, { path: ['repeat'], error: () => t('password.differs') }),
  );

type Values = z.infer<typeof schema>;

interface SetupPageProps {
  /** The setup token when the address brought one. */
  token?: string;
  onDone: () => void;
}

/** First run: makes the superadmin of an installation that has none. */
export function SetupPage({ token, onDone }: SetupPageProps) {
  const form = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: { email: '', password: '', repeat: '', token: token ?? '' },
  });
  const password = useWatch({ control: form.control, name: 'password' });
  const complete = useCompleteSetup();
  const [failure, setFailure] = useState<string | null>(null);
  const { errors } = form.formState;

  const submit = form.handleSubmit(async ({ email, password, token }) => {
    setFailure(null);
    try {
      await complete.mutateAsync({ email, password, token });
      onDone();
    } catch (error) {
      const names = ['email', 'password', 'token'] as const;
      setFailure(showServerFaults(form, error, (field) => names.find((name) => name === field)));
    }
  });

  return (
    <EntryFrame title={t('setup.title')} lead={t('setup.lead')}>
      <form className="space-y-5" noValidate onSubmit={(event) => void submit(event)}>
        <FormError message={failure} />
        <Field label={t('fields.email')} error={errors.email?.message} required>
          {(control) => (
            <Input {...control} type="email" autoComplete="username" autoFocus {...form.register('email')} />
          )}
        </Field>
        <Field
          label={t('fields.password')}
          error={errors.password?.message}
          hint={<PasswordChecklist value={password} className="mt-2.5" />}
          required
        >
          {(control) => <PasswordInput {...control} autoComplete="new-password" {...form.register('password')} />}
        </Field>
        <Field label={t('fields.repeat')} error={errors.repeat?.message} required>
          {(control) => <PasswordInput {...control} autoComplete="new-password" {...form.register('repeat')} />}
        </Field>
        <Field
          label={t('setup.token')}
          error={errors.token?.message}
          hint={token ? t('setup.tokenRead') : t('setup.tokenHint')}
          required
        >
          {(control) => (
            <Input
              {...control}
              className="font-mono text-[0.8125rem]"
              autoComplete="off"
              spellCheck={false}
              {...form.register('token')}
            />
          )}
        </Field>
        <Button type="submit" variant="primary" size="lg" className="w-full" busy={complete.isPending}>
          {t('setup.submit')}
        </Button>
      </form>
    </EntryFrame>
  );
}
