import { zodResolver } from '@hookform/resolvers/zod';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { z } from 'zod/mini';
import { type ApiError, asApiError } from '@/shared/api/errors';
import { SYSTEM_ACCOUNT_SLUG } from '@/shared/accounts/list-account-choices';
import { t } from '@/shared/i18n';
import { showServerFaults } from '@/shared/lib/form-errors';
import { Button } from '@/shared/ui/button';
import { Field, FormError } from '@/shared/ui/field';
import { Input, PasswordInput } from '@/shared/ui/input';
import { type Credentials, useLogin } from './api/login';

const schema = z.object({
  account: z.string().check(z.trim(), z.minLength(1, { error: () => t('error.required') })),
  email: z.email({ error: () => t('error.email') }),
  password: z.string().check(z.minLength(1, { error: () => t('error.required') })),
});

interface SignInFormProps {
  /** Account and e-mail to begin with. */
  initial?: Partial<Credentials>;
  onDone: () => void;
}

export function SignInForm({ initial, onDone }: SignInFormProps) {
  const form = useForm<Credentials>({
    resolver: zodResolver(schema),
    defaultValues: { account: SYSTEM_ACCOUNT_SLUG, email: '', password: '', ...initial },
  });
  const login = useLogin();
  const [failure, setFailure] = useState<{ message: string | null; error: ApiError } | null>(null);
  const { errors } = form.formState;

  const submit = form.handleSubmit(async (values) => {
    setFailure(null);
    try {
      await login.mutateAsync(values);
      onDone();
    } catch (error) {
      const names = ['account', 'email', 'password'] as const;
      const message = showServerFaults(form, error, (field) => names.find((name) => name === field));
      setFailure({ message, error: asApiError(error) });
    }
  });

  return (
    <form className="space-y-5" noValidate onSubmit={(event) => void submit(event)}>
      <FormError message={failure?.message} error={failure?.error} />
      <Field label={t('fields.account')} error={errors.account?.message} hint={t('signIn.accountHint')} required>
        {(control) => (
          <Input
            {...control}
            autoComplete="organization"
            autoCapitalize="none"
            spellCheck={false}
            {...form.register('account')}
          />
        )}
      </Field>
      <Field label={t('fields.email')} error={errors.email?.message} required>
        {(control) => (
          <Input
            {...control}
            type="email"
            autoComplete="username"
            autoFocus={!initial?.email}
            {...form.register('email')}
          />
        )}
      </Field>
      <Field label={t('fields.password')} error={errors.password?.message} required>
        {(control) => (
          <PasswordInput
            {...control}
            autoComplete="current-password"
            autoFocus={Boolean(initial?.email)}
            {...form.register('password')}
          />
        )}
      </Field>
      <Button type="submit" variant="primary" size="lg" className="w-full" busy={login.isPending}>
        {t('signIn.submit')}
      </Button>
    </form>
  );
}
