import { zodResolver } from '@hookform/resolvers/zod';
import { FormProvider, useForm } from 'react-hook-form';
import { toast } from 'sonner';
import type { z } from 'zod/mini';
import { isSuperadmin, useCaller } from '@/shared/api/audience';
import { setSession, useSession } from '@/shared/api/session';
import { useLeave } from '@/shared/api/use-leave';
import { t } from '@/shared/i18n';
import { repeatedPassword } from '@/shared/lib/password-schema';
import { submitOnModEnter } from '@/shared/lib/submit-shortcut';
import { useFormFailure } from '@/shared/lib/use-form-failure';
import { Button } from '@/shared/ui/button';
import { FormError } from '@/shared/ui/field';
import { NewPasswordFields } from '@/shared/ui/new-password-fields';
import { Card } from '@/shared/ui/page';
import { useChangePassword } from './api/change-password';
import { useRequestReset } from './api/request-reset';

const schema = repeatedPassword();

/** A new password: superadmins set it here, others get a mail with a link. */
export function PasswordCard() {
  const caller = useCaller();
  return (
    <Card>
      <h2 className="border-b px-5 py-3.5 text-base font-semibold">{t('fields.password')}</h2>
      <div className="p-5">{isSuperadmin(caller) ? <ChangeHere id={caller.user_id} /> : <ChangeByMail />}</div>
    </Card>
  );
}

function ChangeHere({ id }: { id: string }) {
  const form = useForm<z.infer<typeof schema>>({
    resolver: zodResolver(schema),
    defaultValues: { password: '', repeat: '' },
  });
  const change = useChangePassword();
  const leave = useLeave();
  const { failure, clear, show } = useFormFailure(form, { password: 'password', new_password: 'password' });
  const submit = form.handleSubmit(async ({ password }) => {
    clear();
    try {
      await change.mutateAsync({ id, password });
      // The change has ended this session too.
      setSession(null);
      toast.success(t('profile.passwordToast'));
      void leave();
    } catch (error) {
      show(error);
    }
  });
  return (
    <FormProvider {...form}>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <form
        noValidate
        className="max-w-md space-y-5"
        onSubmit={(event) => void submit(event)}
        onKeyDown={submitOnModEnter}
      >
        <p className="text-muted">{t('profile.passwordLead')}</p>
        <FormError message={failure?.message} error={failure?.error} />
        <NewPasswordFields />
        <Button type="submit" variant="primary" busy={change.isPending}>
          {t('profile.changePassword')}
        </Button>
      </form>
    </FormProvider>
  );
}

function ChangeByMail() {
  const session = useSession();
  const request = useRequestReset();
  if (!session) return null;
  const { email } = session.user;
  return (
    <div className="space-y-4">
      <p className="text-muted">{t('profile.passwordByMail', { email })}</p>
      {request.isSuccess ? (
        <p role="status">{t('profile.linkSent', { email })}</p>
      ) : (
        <Button busy={request.isPending} onClick={() => request.mutate({ account: session.account.slug, email })}>
          {t('forgot.submit')}
        </Button>
      )}
    </div>
  );
}
