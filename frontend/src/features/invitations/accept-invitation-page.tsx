import { zodResolver } from '@hookform/resolvers/zod';
import { useQuery } from '@tanstack/react-query';
import { FormProvider, useForm } from 'react-hook-form';
import type { z } from 'zod/mini';
import { type ApiError, asApiError } from '@/shared/api/errors';
import type { InvitationPreview } from '@/shared/api/types';
import { formatDateTime, t } from '@/shared/i18n';
import { repeatedPassword } from '@/shared/lib/password-schema';
import { useFormFailure } from '@/shared/lib/use-form-failure';
import { Button } from '@/shared/ui/button';
import { BackToSignIn, EntryFrame, EntryNotice, EntryPending } from '@/shared/ui/entry-frame';
import { FormError } from '@/shared/ui/field';
import { NewPasswordFields } from '@/shared/ui/new-password-fields';
import { ErrorState } from '@/shared/ui/states';
import { useAcceptInvitation } from './api/accept-invitation';
import { invitationByToken } from './api/get-invitation';

const schema = repeatedPassword();

/** Why an invitation cannot be accepted, or null when the server could not tell. */
function refusalOf({ status, message }: ApiError): 'expired' | 'used' | 'unknown' | null {
  if (/expired/i.test(message)) return 'expired';
  if (/already been accepted/i.test(message)) return 'used';
  return status === 404 ? 'unknown' : null;
}

/** Joins an account by the link of a mail. */
export function AcceptInvitationPage({ token = '', onDone }: { token?: string; onDone: () => void }) {
  const invitation = useQuery({ ...invitationByToken(token), enabled: token !== '' });
  const refusal = token === '' ? 'unknown' : invitation.isError ? refusalOf(asApiError(invitation.error)) : null;
  if (refusal) {
    return (
      <EntryNotice tone="failed" title={t(`accept.${refusal}Title`)} text={t(`accept.${refusal}`)}>
        <BackToSignIn />
      </EntryNotice>
    );
  }
  if (invitation.data) return <AcceptForm token={token} invitation={invitation.data} onDone={onDone} />;
  return (
    <EntryFrame title={t('accept.loadingTitle')} lead={t('accept.loading')}>
      {invitation.isError ? (
        <ErrorState error={invitation.error} onRetry={() => void invitation.refetch()} />
      ) : (
        <EntryPending />
      )}
    </EntryFrame>
  );
}

interface AcceptFormProps {
  token: string;
  invitation: InvitationPreview;
  onDone: () => void;
}

function AcceptForm({ token, invitation, onDone }: AcceptFormProps) {
  const { account_name: account, invited_by_name: inviter, email, expires_at } = invitation;
  const form = useForm<z.infer<typeof schema>>({
    resolver: zodResolver(schema),
    defaultValues: { password: '', repeat: '' },
  });
  const accept = useAcceptInvitation();
  const { failure, clear, show } = useFormFailure(form, { password: 'password' });
  const submit = form.handleSubmit(async ({ password }) => {
    clear();
    try {
      await accept.mutateAsync({ token, password });
      onDone();
    } catch (error) {
      show(error);
    }
  });
  return (
    <EntryFrame title={t('accept.title', { account })} lead={t('accept.lead', { inviter, email })}>
      <FormProvider {...form}>
        <form className="space-y-5" noValidate onSubmit={(event) => void submit(event)}>
          <FormError message={failure?.message} error={failure?.error} />
          {/* Lets password managers keep the new password under the right name. */}
          <input type="email" autoComplete="username" value={email} readOnly hidden />
          <NewPasswordFields autoFocus />
          <Button type="submit" variant="primary" size="lg" className="w-full" busy={accept.isPending}>
            {t('accept.submit')}
          </Button>
        </form>
      </FormProvider>
      <p className="mt-4 text-center text-[0.8125rem] text-muted">
        {t('accept.expires', { time: formatDateTime(expires_at) })}
      </p>
    </EntryFrame>
  );
}
