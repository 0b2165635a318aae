import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Plus, SearchX, Webhook as WebhookIcon } from 'lucide-react';
import { useMemo, useState } from 'react';
import { toast } from 'sonner';
import type { Webhook } from '@/shared/api/types';
import { AccountNote } from '@/shared/automation/account-note';
import { useActingAccount } from '@/shared/automation/acting-account';
import { t } from '@/shared/i18n';
import { unlessDefault } from '@/shared/lib/list-search';
import { matching } from '@/shared/lib/search-rows';
import { useShortcut } from '@/shared/lib/shortcuts';
import { useSearchBox } from '@/shared/lib/use-search-box';
import { Button } from '@/shared/ui/button';
import { ConfirmDelete } from '@/shared/ui/confirm-delete';
import { DataTable, moveBetweenRows, TableSkeleton } from '@/shared/ui/data-table';
import { SearchInput } from '@/shared/ui/input';
import { Card, Page } from '@/shared/ui/page';
import { EmptyState, ErrorState } from '@/shared/ui/states';
import { useDeleteWebhook } from './api/delete-webhook';
import { webhookList } from './api/list-webhooks';
import { useRotateSecret } from './api/rotate-secret';
import { SecretDialog } from './secret-dialog';
import { TestDialog } from './test-dialog';
import { webhookColumns } from './webhook-columns';
import { WebhookDrawer } from './webhook-drawer';

const route = getRouteApi('/frame/webhooks');

type Asked = { what: 'delete' | 'rotate'; webhook: Webhook };

/** Addresses that are told of changes of an account's records. */
export function WebhooksPage() {
  const { q = '', webhook, tab, at = 1 } = route.useSearch();
  const navigate = useNavigate({ from: '/webhooks' });
  const list = useQuery(webhookList(useActingAccount()));
  const remove = useDeleteWebhook();
  const rotate = useRotateSecret();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [tested, setTested] = useState<Webhook | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const [search, setSearch] = useSearchBox(
    q,
    (text) => void navigate({ search: (old) => ({ ...old, q: text || undefined }), replace: true }),
  );
  const open = (id: string | undefined) =>
    void navigate({ search: (old) => ({ ...old, webhook: id, tab: undefined, at: undefined }) });
  useShortcut('n', () => open('new'));
  const ask = (what: Asked['what']) => (one: Webhook) => setAsked({ what, webhook: one });
  const columns = useMemo(
    () => webhookColumns({ open, test: setTested, rotate: ask('rotate'), remove: ask('delete') }),
    // The table needs stable columns; `open` does the same in every render.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [],
  );
  const rows = useMemo(() => matching(list.data ?? [], q, ({ url, collection }) => [url, collection]), [list.data, q]);
  const nothingYet = list.data?.length === 0;
  const create = (
    <Button variant="primary" onClick={() => open('new')}>
      <Plus aria-hidden />
      {t('webhooks.new')}
    </Button>
  );

  return (
    <Page
      title={t('nav.webhooks')}
      description={
        <>
          {t('webhooks.lead')}
          <AccountNote />
        </>
      }
      actions={create}
    >
      <Card className="overflow-hidden">
        {!nothingYet && (
          <div className="border-b p-3">
            <SearchInput className="max-w-sm" label={t('webhooks.search')} value={search} onChange={setSearch} />
          </div>
        )}
        {list.isPending && <TableSkeleton columns={4} />}
        {!list.data && list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
        {nothingYet && (
          <EmptyState icon={WebhookIcon} title={t('webhooks.emptyTitle')} actions={create}>
            {t('webhooks.empty')}
          </EmptyState>
        )}
        {list.data && !nothingYet && (
          // Arrow keys are a shortcut beside Tab, which reaches every row as well.
          // eslint-disable-next-line jsx-a11y/no-static-element-interactions
          <div onKeyDown={moveBetweenRows}>
            <DataTable
              label={t('nav.webhooks')}
              columns={columns}
              rows={rows}
              rowId={(row) => row.id}
              openRowId={webhook}
              onOpenRow={(row) => open(row.id)}
              empty={
                <EmptyState
                  icon={SearchX}
                  title={t('table.noMatchTitle')}
                  actions={<Button onClick={() => setSearch('')}>{t('table.clearSearch')}</Button>}
                >
                  {t('table.noMatch')}
                </EmptyState>
              }
            />
          </div>
        )}
      </Card>
      <WebhookDrawer
        open={webhook}
        webhooks={list.data}
        tab={tab}
        page={at}
        onTab={(next) =>
          void navigate({ search: (old) => ({ ...old, tab: next, at: undefined }), ignoreBlocker: true })
        }
        onPage={(next) =>
          void navigate({ search: (old) => ({ ...old, at: unlessDefault(next, 1) }), ignoreBlocker: true })
        }
        onCreated={(made) => {
          setSecret(made.secret);
          open(made.id);
        }}
        onTest={setTested}
        onRotate={ask('rotate')}
        onDelete={ask('delete')}
        onClose={() => open(undefined)}
      />
      <TestDialog webhook={tested} onClose={() => setTested(null)} />
      <ConfirmDelete
        open={asked?.what === 'rotate'}
        onOpenChange={(next) => !next && setAsked(null)}
        title={t('webhooks.rotateTitle')}
        consequence={t('webhooks.rotateConsequence')}
        action={t('webhooks.rotate')}
        onConfirm={async () => {
          if (asked) setSecret((await rotate.mutateAsync(asked.webhook.id)).secret);
        }}
      />
      <ConfirmDelete
        open={asked?.what === 'delete'}
        onOpenChange={(next) => !next && setAsked(null)}
        title={t('webhooks.deleteTitle')}
        consequence={t('webhooks.deleteConsequence', { url: asked?.webhook.url ?? '' })}
        action={t('webhooks.delete')}
        onConfirm={async () => {
          if (!asked) return;
          await remove.mutateAsync(asked.webhook.id);
          toast.success(t('webhooks.deletedToast'));
          await navigate({ search: (old) => ({ ...old, webhook: undefined, tab: undefined }), ignoreBlocker: true });
        }}
      />
      <SecretDialog secret={secret} onClose={() => setSecret(null)} />
    </Page>
  );
}
