import { useQuery } from '@tanstack/react-query';
import { EyeOff } from 'lucide-react';
import { useState } from 'react';
import type { RecordRow } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import { Badge } from '@/shared/ui/badge';
import { CopyButton } from '@/shared/ui/copy-button';
import { Details } from '@/shared/ui/details';
import { DialogBody, Drawer } from '@/shared/ui/dialog';
import { ErrorState, Skeleton } from '@/shared/ui/states';
import { Tab, TabList, TabPanel, Tabs } from '@/shared/ui/tabs';
import { recordById } from './api/get-record';
import { CellValue, shortId } from './cell-value';
import { inferredSchema } from './inferred-schema';
import { looksMasked } from './masked';
import { RecordHistory } from './record-history';
import { RecordJson } from './record-json';
import { type RecordTab, recordTabs } from './record-tabs';
import { SystemFields } from './system-fields';

interface AccountRecordDrawerProps {
  collection: string;
  /** Id of the record; undefined when the drawer is closed. */
  open: string | undefined;
  tab?: RecordTab;
  onTabChange: (tab: RecordTab) => void;
  onClose: () => void;
}

/** The values of a record whose schema the caller does not get. */
export function AccountRecordDrawer({ open, onClose, ...rest }: AccountRecordDrawerProps) {
  // What was open stays in view while the drawer slides out.
  const [shown, setShown] = useState(open);
  if (open !== undefined && open !== shown) setShown(open);
  return (
    <Drawer
      open={open !== undefined}
      onOpenChange={(next) => !next && onClose()}
      className="max-w-2xl"
      title={
        <span className="flex items-center gap-1.5">
          <span className="truncate">{t('records.editTitle', { id: shortId(shown ?? '') })}</span>
          <CopyButton text={shown ?? ''} label={t('records.copyId')} />
        </span>
      }
    >
      {shown !== undefined && <Views key={shown} id={shown} {...rest} />}
    </Drawer>
  );
}

const panel = 'flex min-h-0 flex-1 flex-col outline-none data-[state=inactive]:hidden';

function Views({
  collection,
  id,
  tab = 'fields',
  onTabChange,
}: Omit<AccountRecordDrawerProps, 'open' | 'onClose'> & { id: string }) {
  const record = useQuery(recordById(collection, id));
  if (record.isError) return <ErrorState error={record.error} onRetry={() => void record.refetch()} />;
  return (
    <Tabs
      value={tab}
      onValueChange={(next) => onTabChange(recordTabs.find((known) => known === next) ?? 'fields')}
      className="flex min-h-0 flex-1 flex-col"
    >
      <TabList aria-label={t('recordDrawer.tabs')} className="px-2">
        {recordTabs.map((name) => (
          <Tab key={name} value={name}>
            {t(`recordDrawer.tab.${name}`)}
          </Tab>
        ))}
      </TabList>
      <TabPanel value="fields" className={panel}>
        {record.data ? <Values record={record.data} /> : <Loading />}
      </TabPanel>
      <TabPanel value="history" className={panel}>
        <RecordHistory table={`col_${collection.toLowerCase()}`} record={id} />
      </TabPanel>
      <TabPanel value="json" className={panel}>
        {record.data ? <RecordJson record={record.data} /> : <Loading />}
      </TabPanel>
    </Tabs>
  );
}

function Loading() {
  return (
    <DialogBody role="status" aria-label={t('common.loading')}>
      <Skeleton className="h-40 w-full" />
    </DialogBody>
  );
}

function Values({ record }: { record: RecordRow }) {
  const fields = inferredSchema([record]);
  return (
    <DialogBody
      role="group"
      aria-label={t('common.details')}
      // A box that scrolls must be reachable by keyboard.

      tabIndex={0}
    >
      <Details
        rows={fields.map((field) => ({
          label: field.name,
          value: looksMasked(record[field.name]) ? (
            <span className="flex flex-wrap items-center gap-2">
              {String(record[field.name])}
              <Badge>
                <EyeOff aria-hidden />
                {t('recordDrawer.masked')}
              </Badge>
            </span>
          ) : (
            <CellValue field={field} value={record[field.name]} />
          ),
        }))}
      />
      {fields.some(({ name }) => looksMasked(record[name])) && (
        <p className="text-[0.8125rem] text-muted">{t('recordDrawer.maskedHint')}</p>
      )}
      <SystemFields record={record} />
    </DialogBody>
  );
}
