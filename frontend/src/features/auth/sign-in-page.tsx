import { Link } from '@tanstack/react-router';
import { EntryFrame } from '@/shared/ui/entry-frame';
import { t } from '@/shared/i18n';
import { SignInForm } from './sign-in-form';

/** Sign-in to any account; the system account is the one that manages the installation. */
export function SignInPage({ account, onDone }: { account?: string; onDone: () => void }) {
  return (
    <EntryFrame title={t('signIn.title')} lead={t('signIn.lead')}>
      <SignInForm
        initial={account ? { account } : undefined}
        onDone={onDone}
        forgotten={(known) => (
          <Link to="/forgot-password" search={known} className="rounded font-medium text-accent hover:underline">
            {t('signIn.forgotten')}
          </Link>
        )}
      />
      <p className="mt-6 text-center text-muted">
        {t('signIn.noAccount')}{' '}
        <Link to="/register" className="rounded font-medium text-accent hover:underline">
          {t('signIn.register')}
        </Link>
      </p>
    </EntryFrame>
  );
}
