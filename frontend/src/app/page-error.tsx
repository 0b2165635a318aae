import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { t } from '@/shared/i18n';
import { ErrorState } from '@/shared/ui/states';

/** A page that failed; the frame around it stays. */
export function PageError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  return (
    <ErrorState
      error={error}
      title={t('error.pageTitle')}
      className="py-24"
      onRetry={() => {
        reset();
        void router.invalidate();
      }}
    />
  );
}
