import { useQuery } from '@tanstack/react-query';
import { Play, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { Hook } from '@/shared/api/types';
import { useActingAccount } from '@/shared/automation/acting-account';
import { t } from '@/shared/i18n';
import { useUnsavedDrawer } from '@/shared/lib/unsaved';
import { Button } from '@/shared/ui/button';
import { DialogBody, Drawer } from '@/shared/ui/dialog';
import { ErrorState, Skeleton } from '@/shared/ui/states';
import { Tab, TabList, TabPanel, Tabs } from '@/shared/ui/tabs';
import { hookById } from './api/get-hook';
import { ExecutionList } from './execution-list';
import { HookForm } from './hook-form';

interface HookDrawerProps {
  /** Id of the hook, `new` for one to create, undefined when the drawer is closed. */
  open: string | undefined;
  tab: 'runs' | undefined;
  /** Page of the executions. */
  page: number;
  onTab: (tab: 'runs' | undefined) => void;
  onPage: (page: number) => void;
  onOpen: (id: string) => void;
  onRun: (hook: Hook) => void;
  onDelete: (hook: Hook) => void;
  onClose: () => void;
}

/** A hook with its definition and its executions. */
export function HookDrawer({ open, onOpen, onClose, ...parts }: HookDrawerProps) {
  const account = useActingAccount();
  const { setDirty, leave, onDismiss } = useUnsavedDrawer(onClose);
  // What was open stays in view while the drawer slides out.
  const [shown, setShown] = useState(open);
  if (open !== undefined && open !== shown) setShown(open);
  const stored = shown !== undefined && shown !== 'new';
  const found = useQuery({ ...hookById(account, shown ?? ''), enabled: open !== undefined && stored });
  const hook = stored ? found.data : undefined;

  return (
    <Drawer
      open={open !== undefined}
      onOpenChange={(next) => !next && onClose()}
      onDismiss={onDismiss}
      title={hook ? hook.name : t(stored ? 'common.details' : 'hooks.newTitle')}
      className="max-w-3xl"
    >
      {shown === 'new' && <HookForm onDirtyChange={setDirty} onSaved={(saved) => onOpen(saved.id)} onCancel={leave} />}
      {hook && <HookTabs {...parts} hook={hook} onDirtyChange={setDirty} onCancel={leave} />}
      {stored && !hook && found.isError && <ErrorState error={found.error} onRetry={() => void found.refetch()} />}
      {stored && !hook && !found.isError && (
        <DialogBody role="status" aria-label={t('common.loading')}>
          <Skeleton className="h-9 w-full" />
          <Skeleton className="h-40 w-full" />
        </DialogBody>
      )}
    </Drawer>
  );
}

interface HookTabsProps extends Pick<HookDrawerProps, 'tab' | 'page' | 'onTab' | 'onPage' | 'onRun' | 'onDelete'> {
  hook: Hook;
  onDirtyChange: (dirty: boolean) => void;
  onCancel: () => void;
}

function HookTabs({ hook, tab, page, onTab, onPage, onRun, onDelete, ...form }: HookTabsProps) {
  const panel = 'flex min-h-0 flex-1 flex-col data-[state=inactive]:hidden';
  return (
    <Tabs
      className="flex min-h-0 flex-1 flex-col"
      value={tab ?? 'form'}
      onValueChange={(value) => onTab(value === 'runs' ? 'runs' : undefined)}
    >
      <div className="flex items-center gap-3 border-b pr-5">
        <TabList className="min-w-0 flex-1 border-b-0 px-3" aria-label={t('hooks.views')}>
          <Tab value="form">{t('hooks.definition')}</Tab>
          <Tab value="runs">{t('hooks.runs')}</Tab>
        </TabList>
        <Button size="sm" onClick={() => onRun(hook)}>
          <Play aria-hidden />
          {t('hooks.run')}
        </Button>
      </div>
      {/* The form stays while the executions are looked at, with what is not saved. */}
      <TabPanel value="form" forceMount tabIndex={-1} className={panel}>
        <HookForm
          // A saved change starts the form anew with what is stored.
          key={`${hook.id} ${hook.updated_at}`}
          hook={hook}
          onSaved={() => undefined}
          footer={
            <Button variant="ghost" className="mr-auto text-danger" onClick={() => onDelete(hook)}>
              <Trash2 aria-hidden />
              {t('common.delete')}
            </Button>
          }
          {...form}
        />
      </TabPanel>
      <TabPanel value="runs" tabIndex={-1} className={panel}>
        <ExecutionList hookId={hook.id} page={page} onPage={onPage} />
      </TabPanel>
    </Tabs>
  );
}
