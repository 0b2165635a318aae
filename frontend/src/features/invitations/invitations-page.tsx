import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Link2, MailPlus, MoreHorizontal, Send, Trash2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import { toast } from 'sonner';
import { AccountSelect } from '@/shared/accounts/account-select';
import { accountChoices } from '@/shared/accounts/list-account-choices';
import { isSuperadmin, useCaller } from '@/shared/api/audience';
import type { Invitation } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import { readWord } from '@/shared/lib/list-search';
import { useShortcut } from '@/shared/lib/shortcuts';
import { Badge } from '@/shared/ui/badge';
import { Button } from '@/shared/ui/button';
import { ConfirmDelete } from '@/shared/ui/confirm-delete';
import { type DataColumn, DataTable, TableSkeleton } from '@/shared/ui/data-table';
import { Dialog } from '@/shared/ui/dialog';
import { Select } from '@/shared/ui/input';
import { Menu, MenuContent, MenuItem, MenuTrigger } from '@/shared/ui/menu';
import { Card, Page } from '@/shared/ui/page';
import { EmptyState, ErrorState } from '@/shared/ui/states';
import { Time } from '@/shared/ui/time';
import { useCancelInvitation } from './api/cancel-invitation';
import { invitationList } from './api/list-invitations';
import { useResendInvitation } from './api/resend-invitation';
import { InvitationForm } from './invitation-form';

const route = getRouteApi('/frame/invitations');
const states = ['pending', 'accepted', 'expired'] as const;
const tones = { pending: 'info', accepted: 'success', expired: 'neutral' } as const;

function StateBadge({ status }: { status: string }) {
  const known = readWord(status, states);
  return known ? <Badge tone={tones[known]}>{t(`invitations.${known}`)}</Badge> : <Badge>{status}</Badge>;
}

/** The address under which an invitation is accepted in this UI. */
function linkOf(token: string): string {
  const url = new URL(`${import.meta.env.BASE_URL}accept-invitation`, window.location.origin);
  url.searchParams.set('token', token);
  return url.href;
}

function InvitationMenu({ invitation, onCancel }: { invitation: Invitation; onCancel: () => void }) {
  const resend = useResendInvitation();
  const { email, status, token } = invitation;
  return (
    <Menu>
      <MenuTrigger asChild>
        <Button variant="ghost" size="icon-sm" aria-label={t('common.moreActions', { name: email })}>
          <MoreHorizontal aria-hidden />
        </Button>
      </MenuTrigger>
      <MenuContent align="end">
        {status === 'pending' && (
          <>
            {token !== null && (
              <MenuItem
                onSelect={() =>
                  void navigator.clipboard
                    .writeText(linkOf(token))
                    .then(() => toast.success(t('invitations.copiedToast')))
                }
              >
                <Link2 aria-hidden />
                {t('invitations.copyLink')}
              </MenuItem>
            )}
            <MenuItem
              onSelect={() =>
                resend.mutate(invitation.id, { onSuccess: () => toast.success(t('invitations.sentToast', { email })) })
              }
            >
              <Send aria-hidden />
              {t('invitations.resend')}
            </MenuItem>
          </>
        )}
        <MenuItem danger onSelect={onCancel}>
          <Trash2 aria-hidden />
          {status === 'pending' ? t('invitations.cancel') : t('invitations.remove')}
        </MenuItem>
      </MenuContent>
    </Menu>
  );
}

function invitationColumns(
  accountName: ((id: string) => string) | null,
  cancel: (invitation: Invitation) => void,
): DataColumn<Invitation>[] {
  return [
    {
      id: 'email',
      header: () => t('fields.email'),
      meta: { className: 'w-full max-w-0' },
      cell: ({ row: { original } }) => (
        <span className="block min-w-0">
          <span className="block truncate font-medium">{original.email}</span>
          {accountName && (
            <span className="block truncate text-[0.8125rem] text-muted md:hidden">
              {accountName(original.account_id)}
            </span>
          )}
        </span>
      ),
    },
    ...(accountName
      ? [
          {
            id: 'account',
            header: () => t('users.account'),
            meta: { className: 'whitespace-nowrap max-md:hidden' },
            cell: ({ row }) => accountName(row.original.account_id),
          } satisfies DataColumn<Invitation>,
        ]
      : []),
    {
      id: 'status',
      header: () => t('users.state'),
      cell: ({ row: { original } }) => <StateBadge status={original.status} />,
    },
    {
      id: 'mail',
      header: () => t('invitations.mail'),
      meta: { className: 'whitespace-nowrap max-sm:hidden' },
      cell: ({ row: { original } }) =>
        original.email_sent ? (
          <span className="text-muted">
            {original.email_sent_at ? <Time value={original.email_sent_at} /> : t('common.yes')}
          </span>
        ) : (
          <Badge tone="danger">{t('invitations.notSent')}</Badge>
        ),
    },
    {
      id: 'expires',
      header: () => t('invitations.expires'),
      meta: { className: 'text-muted whitespace-nowrap max-lg:hidden' },
      cell: ({ row }) => <Time value={row.original.expires_at} />,
    },
    {
      id: 'actions',
      header: () => <span className="sr-only">{t('common.actions')}</span>,
      meta: { align: 'right', className: 'pl-0 pr-2' },
      cell: ({ row: { original } }) => <InvitationMenu invitation={original} onCancel={() => cancel(original)} />,
    },
  ];
}

/** Who was invited, and what became of it. */
export function InvitationsPage() {
  const { status, account, dialog } = route.useSearch();
  const navigate = useNavigate({ from: '/invitations' });
  const administers = isSuperadmin(useCaller());
  const list = useQuery(invitationList({ status, accountId: administers ? account : undefined }));
  const accounts = useQuery({ ...accountChoices(), enabled: administers });
  const cancel = useCancelInvitation();
  const [doomed, setDoomed] = useState<Invitation | null>(null);
  const columns = useMemo(() => {
    const names = new Map(accounts.data?.map(({ id, name }) => [id, name]));
    return invitationColumns(administers ? (id) => names.get(id) ?? id : null, setDoomed);
  }, [administers, accounts.data]);
  const setDialog = (next: string | undefined) => void navigate({ search: (old) => ({ ...old, dialog: next }) });
  useShortcut('n', () => setDialog('new'));
  const filtered = status !== undefined || account !== undefined;
  const create = (
    <Button variant="primary" onClick={() => setDialog('new')}>
      <MailPlus aria-hidden />
      {t('invitations.new')}
    </Button>
  );

  return (
    <Page title={t('nav.invitations')} description={t('invitations.lead')} actions={create}>
      <Card className="overflow-hidden">
        <div className="flex flex-wrap gap-2 border-b p-3">
          <Select
            className="min-w-40 max-sm:flex-1 sm:w-48"
            aria-label={t('users.state')}
            value={status ?? ''}
            onChange={(event) =>
              void navigate({
                search: (old) => ({ ...old, status: readWord(event.target.value, states) }),
              })
            }
          >
            <option value="">{t('invitations.allStates')}</option>
            {states.map((state) => (
              <option key={state} value={state}>
                {t(`invitations.${state}`)}
              </option>
            ))}
          </Select>
          {administers && (
            <AccountSelect
              className="min-w-40 max-sm:flex-1 sm:w-56"
              none={t('users.allAccounts')}
              value={account}
              onChange={(next) => void navigate({ search: (old) => ({ ...old, account: next }) })}
            />
          )}
        </div>
        {list.isPending && <TableSkeleton columns={4} />}
        {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
        {list.data && (
          <DataTable
            boxed
            label={t('nav.invitations')}
            columns={columns}
            rows={list.data}
            rowId={(row) => row.id}
            stale={list.isPlaceholderData}
            empty={
              <EmptyState
                icon={MailPlus}
                title={filtered ? t('table.noMatchTitle') : t('invitations.emptyTitle')}
                actions={
                  filtered ? (
                    <Button onClick={() => void navigate({ search: { account: undefined } })}>
                      {t('common.clearFilters')}
                    </Button>
                  ) : (
                    create
                  )
                }
              >
                {filtered ? t('table.noFilterMatch') : t('invitations.empty')}
              </EmptyState>
            }
          />
        )}
      </Card>
      <Dialog
        open={dialog === 'new'}
        onOpenChange={(open) => !open && setDialog(undefined)}
        title={t('invitations.newTitle')}
        description={t('invitations.newLead')}
        className="sm:max-w-lg"
      >
        <InvitationForm accountId={account} onDone={() => setDialog(undefined)} />
      </Dialog>
      <ConfirmDelete
        open={doomed !== null}
        onOpenChange={(open) => !open && setDoomed(null)}
        title={t('invitations.cancelTitle', { email: doomed?.email ?? '' })}
        consequence={t(
          doomed?.status === 'pending' ? 'invitations.cancelConsequence' : 'invitations.removeConsequence',
        )}
        action={doomed?.status === 'pending' ? t('invitations.cancel') : t('invitations.remove')}
        onConfirm={async () => {
          if (!doomed) return;
          await cancel.mutateAsync(doomed.id);
          toast.success(t('invitations.cancelledToast', { email: doomed.email }));
        }}
      />
    </Page>
  );
}
