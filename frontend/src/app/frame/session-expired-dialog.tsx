import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';
import { onSessionExpired } from '@/shared/api/session-fetch';
import { getSession } from '@/shared/api/session';
import { useLeave } from '@/shared/api/use-leave';
import { t } from '@/shared/i18n';
import { Button } from '@/shared/ui/button';
import { Dialog, DialogBody } from '@/shared/ui/dialog';
import { Skeleton } from '@/shared/ui/states';

const SignInForm = lazy(async () => ({ default: (await import('@/features/auth/sign-in-form')).SignInForm }));

/** Asks to sign in again above the page, so that nothing typed there is lost. */
export function SessionExpiredDialog() {
  const [open, setOpen] = useState(false);
  const [known] = useState(() => {
    const session = getSession();
    return session ? { account: session.account.slug, email: session.user.email } : {};
  });
  const queryClient = useQueryClient();
  const goToSignIn = useLeave();
  useEffect(() => onSessionExpired(() => setOpen(true)), []);

  function leave() {
    setOpen(false);
    void goToSignIn();
  }

  return (
    <Dialog
      open={open}
      onOpenChange={(next) => (next ? setOpen(true) : leave())}
      title={t('session.expiredTitle')}
      description={t('session.expired')}
    >
      <DialogBody>
        <Suspense fallback={<Skeleton className="h-72 w-full" />}>
          <SignInForm
            initial={known}
            onDone={() => {
              setOpen(false);
              void queryClient.invalidateQueries();
            }}
          />
        </Suspense>
        <Button variant="link" className="w-full" onClick={leave}>
          {t('session.other')}
        </Button>
      </DialogBody>
    </Dialog>
  );
}
