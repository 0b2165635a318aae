import { Link } from '@tanstack/react-router';
import { Compass } from 'lucide-react';
import { t } from '@/shared/i18n';
import { Button } from '@/shared/ui/button';
import { EmptyState } from '@/shared/ui/states';

export function NotFoundPage() {
  return (
    <EmptyState
      icon={Compass}
      title={t('error.notFoundTitle')}
      className="py-24"
      actions={
        <Button asChild variant="primary">
          <Link to="/">{t('error.goHome')}</Link>
        </Button>
      }
    >
      {t('error.notFound')}
    </EmptyState>
  );
}
