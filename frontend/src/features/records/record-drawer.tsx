import { useQuery } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { useRef, useState } from 'react';
import { toast } from 'sonner';
import type { Collection, RecordRow } from '@/shared/api/types';
import { formatDateTime, t } from '@/shared/i18n';
import { Button } from '@/shared/ui/button';
import { ConfirmDelete } from '@/shared/ui/confirm-delete';
import { CopyButton } from '@/shared/ui/copy-button';
import { DialogBody, Drawer } from '@/shared/ui/dialog';
import { ErrorState, Skeleton } from '@/shared/ui/states';
import { useDeleteRecord } from './api/delete-record';
import { recordById } from './api/get-record';
import { shortId } from './cell-value';
import { RecordForm } from './record-form';

interface RecordDrawerProps {
  collection: Collection;
  /** Id of the record, `new` for one to create, undefined when the drawer is closed. */
  open: string | undefined;
  onClose: () => void;
}

/** Creates, shows and changes a record at the side of the grid. */
export function RecordDrawer({ collection, open, onClose }: RecordDrawerProps) {
  const dirty = useRef(false);
  // What was open stays in view while the drawer slides out.
  const [shown, setShown] = useState(open);
  if (open !== undefined && open !== shown) setShown(open);
  const creating = shown === 'new';

  return (
    <Drawer
      open={open !== undefined}
      onOpenChange={(next) => !next && onClose()}
      onDismiss={(event) => {
        if (dirty.current && !window.confirm(t('common.discard'))) event.preventDefault();
      }}
      title={
        creating ? (
          t('records.newTitle', { name: collection.name })
        ) : (
          <span className="flex items-center gap-1.5">
            <span className="truncate">{t('records.editTitle', { id: shortId(shown ?? '') })}</span>
            <CopyButton text={shown ?? ''} label={t('records.copyId')} />
          </span>
        )
      }
    >
      {creating ? (
        <RecordForm
          key="new"
          collection={collection}
          onDirtyChange={(value) => (dirty.current = value)}
          onDone={onClose}
        />
      ) : (
        shown !== undefined && (
          <StoredRecord
            key={shown}
            collection={collection}
            id={shown}
            onDirtyChange={(value) => (dirty.current = value)}
            onClose={onClose}
          />
        )
      )}
    </Drawer>
  );
}

interface StoredRecordProps {
  collection: Collection;
  id: string;
  onDirtyChange: (dirty: boolean) => void;
  onClose: () => void;
}

function StoredRecord({ collection, id, onDirtyChange, onClose }: StoredRecordProps) {
  const record = useQuery(recordById(collection.name, id));
  const remove = useDeleteRecord(collection.name);
  const [deleting, setDeleting] = useState(false);

  if (record.isError && !record.data) {
    return <ErrorState error={record.error} onRetry={() => void record.refetch()} />;
  }
  if (!record.data) {
    return (
      <DialogBody role="status" aria-label={t('common.loading')}>
        {collection.schema.map((field) => (
          <div key={field.name}>
            <Skeleton className="mb-2 h-4 w-24" />
            <Skeleton className="h-9 w-full" />
          </div>
        ))}
      </DialogBody>
    );
  }
  return (
    <>
      <RecordForm
        // A reply after saving, or of a later read, starts the form anew with what is stored.
        key={record.data.updated_at}
        collection={collection}
        record={record.data}
        onDirtyChange={onDirtyChange}
        onDone={onClose}
        footer={
          <Button variant="ghost" className="mr-auto text-danger" onClick={() => setDeleting(true)}>
            <Trash2 aria-hidden />
            {t('common.delete')}
          </Button>
        }
        details={<SystemFields record={record.data} />}
      />
      <ConfirmDelete
        open={deleting}
        onOpenChange={setDeleting}
        title={t('records.deleteTitle')}
        consequence={t('records.deleteConsequence', { id: shortId(id), name: collection.name })}
        action={t('records.delete')}
        onConfirm={async () => {
          await remove.mutateAsync(id);
          toast.success(t('records.deletedToast'));
          onClose();
        }}
      />
    </>
  );
}

function SystemFields({ record }: { record: RecordRow }) {
  const rows = [
    { label: t('records.id'), value: <code className="font-mono text-xs break-all">{record.id}</code> },
    { label: t('records.accountId'), value: <code className="font-mono text-xs break-all">{record.account_id}</code> },
    { label: t('common.created'), value: formatDateTime(record.created_at) },
    { label: t('common.updated'), value: formatDateTime(record.updated_at) },
  ];
  return (
    <dl className="grid gap-x-4 gap-y-2.5 rounded-xl border bg-subtle/50 px-4 py-3.5 sm:grid-cols-[7rem_1fr]">
      {rows.map(({ label, value }) => (
        <div key={label} className="contents">
          <dt className="text-muted">{label}</dt>
          <dd className="min-w-0">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
