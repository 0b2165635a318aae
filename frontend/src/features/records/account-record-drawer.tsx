import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { formatDateTime, t } from '@/shared/i18n';
import { CopyButton } from '@/shared/ui/copy-button';
import { Details } from '@/shared/ui/details';
import { DialogBody, Drawer } from '@/shared/ui/dialog';
import { ErrorState, Skeleton } from '@/shared/ui/states';
import { recordById } from './api/get-record';
import { CellValue, shortId } from './cell-value';
import { inferredSchema } from './inferred-schema';

interface AccountRecordDrawerProps {
  collection: string;
  /** Id of the record; undefined when the drawer is closed. */
  open: string | undefined;
  onClose: () => void;
}

/** The values of a record whose schema the caller does not get. */
export function AccountRecordDrawer({ collection, open, onClose }: AccountRecordDrawerProps) {
  // What was open stays in view while the drawer slides out.
  const [shown, setShown] = useState(open);
  if (open !== undefined && open !== shown) setShown(open);
  return (
    <Drawer
      open={open !== undefined}
      onOpenChange={(next) => !next && onClose()}
      title={
        <span className="flex items-center gap-1.5">
          <span className="truncate">{t('records.editTitle', { id: shortId(shown ?? '') })}</span>
          <CopyButton text={shown ?? ''} label={t('records.copyId')} />
        </span>
      }
    >
      {shown !== undefined && <Values key={shown} collection={collection} id={shown} />}
    </Drawer>
  );
}

function Values({ collection, id }: { collection: string; id: string }) {
  const record = useQuery(recordById(collection, id));
  if (record.isError) return <ErrorState error={record.error} onRetry={() => void record.refetch()} />;
  if (!record.data) {
    return (
      <DialogBody role="status" aria-label={t('common.loading')}>
        <Skeleton className="h-40 w-full" />
      </DialogBody>
    );
  }
  const row = record.data;
  return (
    <DialogBody
      role="group"
      aria-label={t('common.details')}
      // A box that scrolls must be reachable by keyboard.

      tabIndex={0}
    >
      <Details
        rows={inferredSchema([row]).map((field) => ({
          label: field.name,
          value: <CellValue field={field} value={row[field.name]} />,
        }))}
      />
      <Details
        rows={[
          { label: t('records.id'), value: row.id, code: true },
          { label: t('common.created'), value: formatDateTime(row.created_at) },
          { label: t('common.updated'), value: formatDateTime(row.updated_at) },
        ]}
      />
    </DialogBody>
  );
}
