import { KeyRound, SearchX, Send, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { Webhook, WebhookWithSecret } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import { useUnsavedDrawer } from '@/shared/lib/unsaved';
import { Button } from '@/shared/ui/button';
import { DialogBody, Drawer } from '@/shared/ui/dialog';
import { EmptyState, Skeleton } from '@/shared/ui/states';
import { Tab, TabList, TabPanel, Tabs } from '@/shared/ui/tabs';
import { DeliveryList } from './delivery-list';
import { WebhookForm } from './webhook-form';

interface WebhookDrawerProps {
  /** Id of the webhook, `new` for one to create, undefined when the drawer is closed. */
  open: string | undefined;
  /** All webhooks of the account; undefined while they load. */
  webhooks: Webhook[] | undefined;
  tab: 'deliveries' | undefined;
  /** Page of the deliveries. */
  page: number;
  onTab: (tab: 'deliveries' | undefined) => void;
  onPage: (page: number) => void;
  onCreated: (webhook: WebhookWithSecret) => void;
  onTest: (webhook: Webhook) => void;
  onRotate: (webhook: Webhook) => void;
  onDelete: (webhook: Webhook) => void;
  onClose: () => void;
}

/** A webhook with its settings and what was sent to it. */
export function WebhookDrawer({ open, webhooks, onCreated, onClose, ...parts }: WebhookDrawerProps) {
  const { setDirty, leave, onDismiss } = useUnsavedDrawer(onClose);
  // What was open stays in view while the drawer slides out.
  const [shown, setShown] = useState(open);
  if (open !== undefined && open !== shown) setShown(open);
  const webhook = webhooks?.find(({ id }) => id === shown);

  return (
    <Drawer
      open={open !== undefined}
      onOpenChange={(next) => !next && onClose()}
      onDismiss={onDismiss}
      title={
        webhook ? (
          <span className="font-mono text-[0.9375rem]">{webhook.url}</span>
        ) : (
          t(shown === 'new' ? 'webhooks.newTitle' : 'common.details')
        )
      }
      className="max-w-2xl"
    >
      {shown === 'new' && <WebhookForm onDirtyChange={setDirty} onCreated={onCreated} onCancel={leave} />}
      {webhook && <WebhookTabs {...parts} webhook={webhook} onDirtyChange={setDirty} onCancel={leave} />}
      {shown !== 'new' && !webhook && webhooks && (
        <EmptyState icon={SearchX} title={t('webhooks.gone')}>
          {t('webhooks.goneHint')}
        </EmptyState>
      )}
      {shown !== 'new' && !webhooks && (
        <DialogBody role="status" aria-label={t('common.loading')}>
          <Skeleton className="h-9 w-full" />
          <Skeleton className="h-40 w-full" />
        </DialogBody>
      )}
    </Drawer>
  );
}

interface WebhookTabsProps extends Pick<
  WebhookDrawerProps,
  'tab' | 'page' | 'onTab' | 'onPage' | 'onTest' | 'onRotate' | 'onDelete'
> {
  webhook: Webhook;
  onDirtyChange: (dirty: boolean) => void;
  onCancel: () => void;
}

function WebhookTabs({ webhook, tab, page, onTab, onPage, onTest, onRotate, onDelete, ...form }: WebhookTabsProps) {
  const panel = 'flex min-h-0 flex-1 flex-col data-[state=inactive]:hidden';
  return (
    <Tabs
      className="flex min-h-0 flex-1 flex-col"
      value={tab ?? 'form'}
      onValueChange={(value) => onTab(value === 'deliveries' ? 'deliveries' : undefined)}
    >
      <div className="flex flex-wrap items-center gap-2 border-b pr-5 max-sm:pb-2">
        <TabList className="min-w-0 flex-1 border-b-0 px-3 max-sm:basis-full" aria-label={t('webhooks.views')}>
          <Tab value="form">{t('webhooks.settings')}</Tab>
          <Tab value="deliveries">{t('webhooks.deliveries')}</Tab>
        </TabList>
        <Button size="sm" className="max-sm:ml-5" onClick={() => onRotate(webhook)}>
          <KeyRound aria-hidden />
          {t('webhooks.rotate')}
        </Button>
        <Button size="sm" onClick={() => onTest(webhook)}>
          <Send aria-hidden />
          {t('webhooks.test')}
        </Button>
      </div>
      {/* The form stays while the deliveries are looked at, with what is not saved. */}
      <TabPanel value="form" forceMount tabIndex={-1} className={panel}>
        <WebhookForm
          // A saved change starts the form anew with what is stored.
          key={`${webhook.id} ${webhook.updated_at}`}
          webhook={webhook}
          footer={
            <Button variant="ghost" className="mr-auto text-danger" onClick={() => onDelete(webhook)}>
              <Trash2 aria-hidden />
              {t('common.delete')}
            </Button>
          }
          {...form}
        />
      </TabPanel>
      <TabPanel value="deliveries" tabIndex={-1} className={panel}>
        <DeliveryList webhookId={webhook.id} page={page} onPage={onPage} />
      </TabPanel>
    </Tabs>
  );
}
