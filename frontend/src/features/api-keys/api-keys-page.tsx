import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Ban, KeyRound, Plus } from 'lucide-react';
import { useMemo, useState } from 'react';
import { toast } from 'sonner';
import type { ApiKey } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import { useShortcut } from '@/shared/lib/shortcuts';
import { Badge } from '@/shared/ui/badge';
import { Button } from '@/shared/ui/button';
import { ConfirmDelete } from '@/shared/ui/confirm-delete';
import { type DataColumn, DataTable, TableSkeleton } from '@/shared/ui/data-table';
import { Dialog } from '@/shared/ui/dialog';
import { Card, Page } from '@/shared/ui/page';
import { EmptyState, ErrorState } from '@/shared/ui/states';
import { Time } from '@/shared/ui/time';
import { ApiKeyForm } from './api-key-form';
import { apiKeyList } from './api/list-api-keys';
import { useRevokeApiKey } from './api/revoke-api-key';
import { keyState } from './expiry';

const route = getRouteApi('/frame/api-keys');
const tones = { active: 'success', expired: 'neutral', revoked: 'danger' } as const;

function keyColumns(revoke: (key: ApiKey) => void): DataColumn<ApiKey>[] {
  return [
    {
      id: 'name',
      header: () => t('common.name'),
      meta: { className: 'w-full max-w-0' },
      cell: ({ row: { original } }) => (
        <span className="block min-w-0">
          <span className="block truncate font-medium">{original.name}</span>
          <span className="block truncate font-mono text-xs text-muted">{original.key}</span>
        </span>
      ),
    },
    {
      id: 'state',
      header: () => t('users.state'),
      cell: ({ row: { original } }) => {
        const state = keyState(original, new Date());
        return <Badge tone={tones[state]}>{t(`apiKeys.${state}`)}</Badge>;
      },
    },
    {
      id: 'used',
      header: () => t('apiKeys.lastUsed'),
      meta: { className: 'text-muted whitespace-nowrap max-md:hidden' },
      cell: ({ row: { original } }) =>
        original.last_used_at ? <Time value={original.last_used_at} /> : t('users.never'),
    },
    {
      id: 'expires',
      header: () => t('apiKeys.expires'),
      meta: { className: 'text-muted whitespace-nowrap max-sm:hidden' },
      cell: ({ row: { original } }) =>
        original.expires_at ? <Time value={original.expires_at} /> : t('apiKeys.never'),
    },
    {
      id: 'created',
      header: () => t('common.created'),
      meta: { className: 'text-muted whitespace-nowrap max-lg:hidden' },
      cell: ({ row }) => <Time value={row.original.created_at} />,
    },
    {
      id: 'actions',
      header: () => <span className="sr-only">{t('common.actions')}</span>,
      meta: { align: 'right', className: 'pl-0 pr-2' },
      cell: ({ row: { original } }) =>
        original.is_active && (
          <Button
            variant="ghost"
            size="sm"
            className="text-danger"
            aria-label={t('apiKeys.revokeNamed', { name: original.name })}
            onClick={() => revoke(original)}
          >
            <Ban aria-hidden />
            <span className="max-sm:hidden">{t('apiKeys.revoke')}</span>
          </Button>
        ),
    },
  ];
}

/** Keys with which programs act as the superadmin who made them. */
export function ApiKeysPage() {
  const { dialog } = route.useSearch();
  const navigate = useNavigate({ from: '/api-keys' });
  const list = useQuery(apiKeyList());
  const revoke = useRevokeApiKey();
  const [doomed, setDoomed] = useState<ApiKey | null>(null);
  const columns = useMemo(() => keyColumns(setDoomed), []);
  const setDialog = (next: string | undefined) => void navigate({ search: { dialog: next } });
  useShortcut('n', () => setDialog('new'));
  const create = (
    <Button variant="primary" onClick={() => setDialog('new')}>
      <Plus aria-hidden />
      {t('apiKeys.new')}
    </Button>
  );

  return (
    <Page title={t('nav.apiKeys')} description={t('apiKeys.lead')} actions={create}>
      <Card className="overflow-hidden">
        {list.isPending && <TableSkeleton columns={4} rows={3} />}
        {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
        {list.data && (
          <DataTable
            label={t('nav.apiKeys')}
            columns={columns}
            rows={list.data}
            rowId={(row) => row.id}
            empty={
              <EmptyState icon={KeyRound} title={t('apiKeys.emptyTitle')} actions={create}>
                {t('apiKeys.empty')}
              </EmptyState>
            }
          />
        )}
      </Card>
      <Dialog
        open={dialog === 'new'}
        onOpenChange={(open) => !open && setDialog(undefined)}
        title={t('apiKeys.newTitle')}
        description={t('apiKeys.newLead')}
        className="sm:max-w-lg"
      >
        <ApiKeyForm onDone={() => setDialog(undefined)} />
      </Dialog>
      <ConfirmDelete
        open={doomed !== null}
        onOpenChange={(open) => !open && setDoomed(null)}
        title={t('apiKeys.revokeTitle', { name: doomed?.name ?? '' })}
        consequence={t('apiKeys.revokeConsequence')}
        action={t('apiKeys.revoke')}
        onConfirm={async () => {
          if (!doomed) return;
          await revoke.mutateAsync(doomed.id);
          toast.success(t('apiKeys.revokedToast', { name: doomed.name }));
        }}
      />
    </Page>
  );
}
