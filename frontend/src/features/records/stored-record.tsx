import { useQuery } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { type Ref, useRef, useState } from 'react';
import { toast } from 'sonner';
import type { Collection } from '@/shared/api/types';
import { fieldType } from '@/shared/collections/field-types';
import { t } from '@/shared/i18n';
import { Button } from '@/shared/ui/button';
import { ConfirmDelete } from '@/shared/ui/confirm-delete';
import { ErrorState } from '@/shared/ui/states';
import { Tab, TabList, TabPanel, Tabs } from '@/shared/ui/tabs';
import { useDeleteRecord } from './api/delete-record';
import { type OpenedRecord, openedRecord } from './api/opened-record';
import { shortId } from './cell-value';
import { fromLog, isEntered } from './field-mapping';
import { FormSkeleton } from './form-skeleton';
import { RecordActions } from './record-actions';
import { RecordForm, type RecordFormHandle } from './record-form';
import { RecordHistory } from './record-history';
import { RecordJson } from './record-json';
import { type RecordTab, recordTabs } from './record-tabs';
import { SystemFieldsWithAccount } from './system-fields';

interface StoredRecordProps {
  collection: Collection;
  id: string;
  tab: RecordTab;
  onTabChange: (tab: RecordTab) => void;
  onClose: () => void;
}

const panel = 'flex min-h-0 flex-1 flex-col outline-none data-[state=inactive]:hidden';

/** A record with its form, its history and its JSON. */
export function StoredRecord({ collection, id, tab, onTabChange, onClose }: StoredRecordProps) {
  const read = useQuery(openedRecord(collection.name, id));
  const form = useRef<RecordFormHandle>(null);

  function restore(column: string, text: string | null) {
    const field = collection.schema.find(({ name }) => name === column);
    if (!field) return;
    onTabChange('fields');
    form.current?.enter(column, fromLog(fieldType(field), text));
    // Away from the button that keeps it.
    toast.info(t('recordHistory.restored', { name: column }), { position: 'top-center' });
  }

  if (read.isError && !read.data) return <ErrorState error={read.error} onRetry={() => void read.refetch()} />;
  return (
    <Tabs
      value={tab}
      onValueChange={(next) => onTabChange(recordTabs.find((known) => known === next) ?? 'fields')}
      className="flex min-h-0 flex-1 flex-col"
    >
      <div className="flex items-end justify-between gap-2 border-b pr-3 pl-2">
        <TabList aria-label={t('recordDrawer.tabs')} className="border-b-0">
          {recordTabs.map((name) => (
            <Tab key={name} value={name}>
              {t(`recordDrawer.tab.${name}`)}
            </Tab>
          ))}
        </TabList>
        <RecordActions collection={collection.name} id={id} record={read.data?.record} />
      </div>
      {/* The form stays while another tab is looked at: it may hold changes. */}
      <TabPanel value="fields" forceMount className={panel}>
        {read.data ? (
          <EditedRecord
            ref={form}
            collection={collection}
            latest={read.data}
            onOutdated={() => read.refetch()}
            onClose={onClose}
          />
        ) : (
          <FormSkeleton fields={collection.schema.length} />
        )}
      </TabPanel>
      <TabPanel value="history" className={panel}>
        <RecordHistory
          table={collection.table_name}
          record={id}
          canRestore={(column) => collection.schema.some((field) => field.name === column && isEntered(field))}
          onRestore={restore}
        />
      </TabPanel>
      <TabPanel value="json" className={panel}>
        {read.data ? <RecordJson record={read.data.record} /> : <FormSkeleton fields={collection.schema.length} />}
      </TabPanel>
    </Tabs>
  );
}

interface EditedRecordProps {
  ref: Ref<RecordFormHandle>;
  collection: Collection;
  /** The record as it is stored now. */
  latest: OpenedRecord;
  onOutdated: () => Promise<unknown>;
  onClose: () => void;
}

function EditedRecord({ ref, collection, latest, onOutdated, onClose }: EditedRecordProps) {
  const remove = useDeleteRecord(collection.name);
  const [deleting, setDeleting] = useState(false);
  const [dirty, setDirty] = useState(false);
  // What the form began with. A form with changes keeps it when others save; one without begins anew.
  const [base, setBase] = useState({ opened: latest, start: 0 });
  const outdated = latest.tag !== base.opened.tag;
  if (outdated && !dirty) setBase({ opened: latest, start: base.start + 1 });
  const { id } = latest.record;

  return (
    <>
      <RecordForm
        key={base.start}
        ref={ref}
        collection={collection}
        opened={base.opened}
        newer={outdated && dirty ? latest : undefined}
        onRebase={() => setBase({ ...base, opened: latest })}
        onOutdated={onOutdated}
        onDirtyChange={setDirty}
        onDone={onClose}
        footer={
          <Button variant="ghost" className="mr-auto text-danger" onClick={() => setDeleting(true)}>
            <Trash2 aria-hidden />
            {t('common.delete')}
          </Button>
        }
        details={<SystemFieldsWithAccount record={base.opened.record} />}
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
