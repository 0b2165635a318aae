import { t } from '@/shared/i18n';
import { DialogBody } from '@/shared/ui/dialog';
import { Skeleton } from '@/shared/ui/states';

/** Stands in the place of a record's form while the record is read. */
export function FormSkeleton({ fields }: { fields: number }) {
  return (
    <DialogBody role="status" aria-label={t('common.loading')}>
      {Array.from({ length: fields }, (_, index) => (
        <div key={index}>
          <Skeleton className="mb-2 h-4 w-24" />
          <Skeleton className="h-9 w-full" />
        </div>
      ))}
    </DialogBody>
  );
}
