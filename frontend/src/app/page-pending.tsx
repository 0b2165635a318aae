import { t } from '@/shared/i18n';
import { Skeleton } from '@/shared/ui/states';

/** Stands in the place of a page whose code or data is on its way. */
export function PagePending() {
  return (
    <div className="px-4 py-6 sm:px-6 lg:px-8 lg:py-8" role="status" aria-label={t('common.loading')}>
      <Skeleton className="h-8 w-48" />
      <Skeleton className="mt-2 h-4 w-72 max-w-full" />
      <Skeleton className="mt-8 h-80 w-full rounded-xl" />
    </div>
  );
}
