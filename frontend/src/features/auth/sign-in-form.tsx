import { zodResolver } from '@hookform/resolvers/zod';
import { type ReactNode, useState } from 'react';
import { useForm, useWatch } from 'react-hook-form';
import { z } from 'zod/mini';
import { SYSTEM_ACCOUNT_SLUG } from '@/shared/accounts/list-account-choices';
import { t } from '@/shared/i18n';
import { useFormFailure } from '@/shared/lib/use-form-failure';
import { Button } from '@/shared/ui/button';
import { Field, FormError } from '@/shared/ui/field';
import { Input, PasswordInput } from '@/shared/ui/input';
import { type Credentials, useLogin } from './api/login';
import { useResendVerification } from './api/resend-verification';

const schema = z.object({
  account: z.string().check(z.trim(), z.minLength(1, { error: () => t('error.required') })),
  email: z.email({ error: () => t('error.email') }),
  password: z.string().check(z.minLength(1, { error: () => t('error.required') })),
});

/** How the server begins its refusal of a right password whose user has not confirmed the e-mail. */
const UNVERIFIED = 'Email not verified';

interface SignInFormProps {
  /** Account and e-mail to begin with. */
  initial?: Partial<Credentials>;
  onDone: () => void;
  /** The way to a new password, beside the password. */
  forgotten?: (known: { account?: string; email?: string }) => ReactNode;
}

export function SignInForm({ initial, onDone, forgotten }: SignInFormProps) {
  const form = useForm<Credentials>({
    resolver: zodResolver(schema),
    defaultValues: { account: SYSTEM_ACCOUNT_SLUG, email: '', password: '', ...initial },
  });
  const login = useLogin();
  const { failure, clear, show } = useFormFailure(form, { account: 'account', email: 'email', password: 'password' });
  const [account, email] = useWatch({ control: form.control, name: ['account', 'email'] });
  const { errors } = form.formState;

  const submit = form.handleSubmit(async (values) => {
    clear();
    try {
      await login.mutateAsync(values);
      onDone();
    } catch (error) {
      show(error);
    }
  });

  return (
    <form className="space-y-5" noValidate onSubmit={(event) => void submit(event)}>
      <FormError message={failure?.message} error={failure?.error} />
      {failure?.error.message.startsWith(UNVERIFIED) && <ResendVerification account={account} email={email} />}
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
      {forgotten && (
        <p className="-mt-2 text-right">
          {forgotten({ account: account.trim() || undefined, email: email || undefined })}
        </p>
      )}
      <Button type="submit" variant="primary" size="lg" className="w-full" busy={login.isPending}>
        {t('signIn.submit')}
      </Button>
    </form>
  );
}

function ResendVerification({ account, email }: { account: string; email: string }) {
  const resend = useResendVerification();
  const [sent, setSent] = useState(false);
  if (sent) return <p role="status">{t('verify.sent', { email })}</p>;
  return (
    <Button
      className="w-full"
      busy={resend.isPending}
      onClick={() => resend.mutate({ account, email }, { onSuccess: () => setSent(true) })}
    >
      {t('verify.resend')}
    </Button>
  );
}
