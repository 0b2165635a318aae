import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { SYSTEM_ACCOUNT_SLUG } from '@/shared/accounts/list-account-choices';
import { asApiError } from '@/shared/api/errors';
import { t } from '@/shared/i18n';
import { Button } from '@/shared/ui/button';
import { BackToSignIn, EntryFrame, EntryNotice, EntryPending } from '@/shared/ui/entry-frame';
import { ErrorState } from '@/shared/ui/states';
import { useResendVerification } from './api/resend-verification';
import { emailVerification } from './api/verify-email';
import { MailRequestForm } from './mail-request-form';

/** Confirms the e-mail that the token of the address belongs to. */
export function VerifyEmailPage({ token = '' }: { token?: string }) {
  const verification = useQuery({ ...emailVerification(token), enabled: token !== '' });
  const refusal = verification.isError ? asApiError(verification.error) : null;
  if (verification.data) {
    return (
      <EntryNotice
        tone="done"
        title={t('verify.doneTitle')}
        text={t('verify.done', { email: verification.data.user.email })}
      >
        <Button asChild variant="primary" size="lg" className="w-full">
          <Link to="/sign-in">{t('signIn.submit')}</Link>
        </Button>
      </EntryNotice>
    );
  }
  if (token === '' || refusal?.status === 400) return <LinkWornOut />;
  return (
    <EntryFrame title={t('verify.title')} lead={t('verify.lead')}>
      {refusal ? <ErrorState error={refusal} onRetry={() => void verification.refetch()} /> : <EntryPending />}
    </EntryFrame>
  );
}

function LinkWornOut() {
  const resend = useResendVerification();
  const [sentTo, setSentTo] = useState<string | null>(null);
  if (sentTo !== null) {
    return (
      <EntryNotice tone="mail" title={t('verify.sentTitle')} text={t('verify.sent', { email: sentTo })}>
        <BackToSignIn />
      </EntryNotice>
    );
  }
  return (
    <EntryFrame title={t('verify.invalidTitle')} lead={t('verify.invalid')}>
      <MailRequestForm
        initial={{ account: SYSTEM_ACCOUNT_SLUG }}
        action={t('verify.resend')}
        onSubmit={async (request) => {
          await resend.mutateAsync(request);
          setSentTo(request.email);
        }}
      />
      <BackToSignIn />
    </EntryFrame>
  );
}
