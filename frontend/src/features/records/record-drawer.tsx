import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Collection } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import { CopyButton } from '@/shared/ui/copy-button';
import { Drawer } from '@/shared/ui/dialog';
import { ErrorState } from '@/shared/ui/states';
import { openedRecord } from './api/opened-record';
import { shortId } from './cell-value';
import { FormSkeleton } from './form-skeleton';
import { RecordForm } from './record-form';
import type { RecordTab } from './record-tabs';
import { StoredRecord } from './stored-record';

interface RecordDrawerProps {
  collection: Collection;
  /** Id of the record, `new` for one to create, undefined when the drawer is closed. */
  open: string | undefined;
  /** Id of the record that a new one begins as a copy of. */
  from?: string;
  tab?: RecordTab;
  onTabChange: (tab: RecordTab) => void;
  onClose: () => void;
}

/** Creates, shows and changes a record at the side of the grid. */
export function RecordDrawer({ collection, open, from, tab = 'fields', onTabChange, onClose }: RecordDrawerProps) {
  // What was open stays in view while the drawer slides out.
  const [shown, setShown] = useState({ id: open, from });
  if (open !== undefined && (open !== shown.id || from !== shown.from)) setShown({ id: open, from });
  const { id } = shown;
  const creating = id === 'new';

  return (
    <Drawer
      open={open !== undefined}
      onOpenChange={(next) => !next && onClose()}
      className="max-w-2xl"
      title={
        creating ? (
          t('records.newTitle', { name: collection.name })
        ) : (
          <span className="flex items-center gap-1.5">
            <span className="truncate">{t('records.editTitle', { id: shortId(id ?? '') })}</span>
            <CopyButton text={id ?? ''} label={t('records.copyId')} />
          </span>
        )
      }
    >
      {creating && shown.from === undefined && <RecordForm key="new" collection={collection} onDone={onClose} />}
      {creating && shown.from !== undefined && (
        <Duplicate key={shown.from} collection={collection} from={shown.from} onDone={onClose} />
      )}
      {!creating && id !== undefined && (
        <StoredRecord key={id} collection={collection} id={id} tab={tab} onTabChange={onTabChange} onClose={onClose} />
      )}
    </Drawer>
  );
}

/** The form of a new record that begins with the values of another one. */
function Duplicate({ collection, from, onDone }: { collection: Collection; from: string; onDone: () => void }) {
  const source = useQuery({ ...openedRecord(collection.name, from), staleTime: Infinity });
  if (source.isError) return <ErrorState error={source.error} onRetry={() => void source.refetch()} />;
  if (!source.data) return <FormSkeleton fields={collection.schema.length} />;
  return <RecordForm collection={collection} source={source.data.record} onDone={onDone} />;
}
