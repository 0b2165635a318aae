import { zodResolver } from '@hookform/resolvers/zod';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { FormProvider, useForm } from 'react-hook-form';
import type { z } from 'zod/mini';
import { t } from '@/shared/i18n';
import { repeatedPassword } from '@/shared/lib/password-schema';
import { useFormFailure } from '@/shared/lib/use-form-failure';
import { Button } from '@/shared/ui/button';
import { BackToSignIn, EntryFrame, EntryNotice, EntryPending } from '@/shared/ui/entry-frame';
import { FormError } from '@/shared/ui/field';
import { NewPasswordFields } from '@/shared/ui/new-password-fields';
import { ErrorState } from '@/shared/ui/states';
import { resetTokenState } from './api/check-reset-token';
import { useResetPassword } from './api/reset-password';

const schema = repeatedPassword();

/** A new password by the link of a mail. */
export function ResetPasswordPage({ token = '' }: { token?: string }) {
  const state = useQuery({ ...resetTokenState(token), enabled: token !== '' });
  const [done, setDone] = useState(false);
  if (done) {
    return (
      <EntryNotice tone="done" title={t('reset.doneTitle')} text={t('reset.done')}>
        <Button asChild variant="primary" size="lg" className="w-full">
          <Link to="/sign-in">{t('signIn.submit')}</Link>
        </Button>
      </EntryNotice>
    );
  }
  if (token === '' || state.data?.valid === false) {
    return (
      <EntryNotice tone="failed" title={t('reset.invalidTitle')} text={t('reset.invalid')}>
        <Button asChild variant="primary" size="lg" className="w-full">
          <Link to="/forgot-password">{t('reset.askAgain')}</Link>
        </Button>
        <BackToSignIn />
      </EntryNotice>
    );
  }
  return (
    <EntryFrame title={t('reset.title')} lead={t('reset.lead')}>
      {state.isPending && <EntryPending />}
      {state.isError && <ErrorState error={state.error} onRetry={() => void state.refetch()} />}
      {state.data && <ResetForm token={token} onDone={() => setDone(true)} />}
    </EntryFrame>
  );
}

function ResetForm({ token, onDone }: { token: string; onDone: () => void }) {
  const form = useForm<z.infer<typeof schema>>({
    resolver: zodResolver(schema),
    defaultValues: { password: '', repeat: '' },
  });
  const reset = useResetPassword();
  const { failure, clear, show } = useFormFailure(form, { password: 'password', new_password: 'password' });
  const submit = form.handleSubmit(async ({ password }) => {
    clear();
    try {
      await reset.mutateAsync({ token, password });
      onDone();
    } catch (error) {
      show(error);
    }
  });
  return (
    <FormProvider {...form}>
      <form className="space-y-5" noValidate onSubmit={(event) => void submit(event)}>
        <FormError message={failure?.message} error={failure?.error} />
        <NewPasswordFields autoFocus />
        <Button type="submit" variant="primary" size="lg" className="w-full" busy={reset.isPending}>
          {t('reset.submit')}
        </Button>
      </form>
    </FormProvider>
  );
}
