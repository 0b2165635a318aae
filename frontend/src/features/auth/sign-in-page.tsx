import { EntryFrame } from '@/shared/ui/entry-frame';
import { t } from '@/shared/i18n';
import { SignInForm } from './sign-in-form';

/** Sign-in to any account; the system account is the one that manages the installation. */
export function SignInPage({ onDone }: { onDone: () => void }) {
  return (
    <EntryFrame title={t('signIn.title')} lead={t('signIn.lead')}>
      <SignInForm onDone={onDone} />
    </EntryFrame>
  );
}
