import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { SYSTEM_ACCOUNT_SLUG } from '@/shared/accounts/list-account-choices';
import { t } from '@/shared/i18n';
import { BackToSignIn, EntryFrame, EntryNotice } from '@/shared/ui/entry-frame';
import { useForgotPassword } from './api/forgot-password';
import { MailRequestForm } from './mail-request-form';

const route = getRouteApi('/forgot-password');

/** Sends a link to a new password. */
export function ForgotPasswordPage() {
  const { account = SYSTEM_ACCOUNT_SLUG, email } = route.useSearch();
  const forgot = useForgotPassword();
  const [sentTo, setSentTo] = useState<string | null>(null);
  if (sentTo !== null) {
    return (
      <EntryNotice tone="mail" title={t('forgot.sentTitle')} text={t('forgot.sent', { email: sentTo })}>
        <BackToSignIn />
      </EntryNotice>
    );
  }
  return (
    <EntryFrame title={t('forgot.title')} lead={t('forgot.lead')}>
      <MailRequestForm
        initial={{ account, email }}
        action={t('forgot.submit')}
        onSubmit={async (request) => {
          await forgot.mutateAsync(request);
          setSentTo(request.email);
        }}
      />
      <BackToSignIn />
    </EntryFrame>
  );
}
