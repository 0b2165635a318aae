import { KeyRound, MoreHorizontal, Pencil, Send, Trash2 } from 'lucide-react';
import { toast } from 'sonner';
import { asApiError } from '@/shared/api/errors';
import type { Webhook } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import { Badge } from '@/shared/ui/badge';
import { Button } from '@/shared/ui/button';
import type { DataColumn } from '@/shared/ui/data-table';
import { Switch } from '@/shared/ui/input';
import { Menu, MenuContent, MenuItem, MenuTrigger } from '@/shared/ui/menu';
import { Time } from '@/shared/ui/time';
import { useUpdateWebhook } from './api/update-webhook';
import { webhookEvents } from './webhook-draft';

function EnabledSwitch({ webhook }: { webhook: Webhook }) {
  const update = useUpdateWebhook();
  return (
    <Switch
      className="block"
      aria-label={t('webhooks.enable', { url: webhook.url })}
      checked={update.isPending ? !webhook.enabled : webhook.enabled}
      disabled={update.isPending}
      onClick={(event) => event.stopPropagation()}
      onChange={() =>
        update.mutate(
          { id: webhook.id, body: { enabled: !webhook.enabled } },
          { onError: (error) => toast.error(asApiError(error).message) },
        )
      }
    />
  );
}

interface WebhookActs {
  open: (id: string) => void;
  test: (webhook: Webhook) => void;
  rotate: (webhook: Webhook) => void;
  remove: (webhook: Webhook) => void;
}

export function webhookColumns({ open, test, rotate, remove }: WebhookActs): DataColumn<Webhook>[] {
  return [
    {
      id: 'url',
      header: () => t('automation.url'),
      meta: { className: 'w-full max-w-0' },
      cell: ({ row: { original } }) => (
        <span className="block min-w-0">
          <button
            type="button"
            className="block max-w-full truncate rounded font-mono text-[0.8125rem] font-medium hover:underline"
            onClick={() => open(original.id)}
          >
            {original.url}
          </button>
          <span className="block truncate text-[0.8125rem] text-muted sm:hidden">{original.collection}</span>
        </span>
      ),
    },
    {
      id: 'collection',
      header: () => t('webhooks.collection'),
      meta: { className: 'whitespace-nowrap max-sm:hidden' },
      cell: ({ row }) => row.original.collection,
    },
    {
      id: 'events',
      header: () => t('webhooks.events'),
      meta: { className: 'whitespace-nowrap max-md:hidden' },
      cell: ({ row }) => (
        <span className="flex gap-1">
          {webhookEvents
            .filter((event) => row.original.events.includes(event))
            .map((event) => (
              <Badge key={event}>{t(`webhooks.eventNames.${event}`)}</Badge>
            ))}
        </span>
      ),
    },
    {
      id: 'created',
      header: () => t('common.created'),
      meta: { className: 'text-muted whitespace-nowrap max-lg:hidden' },
      cell: ({ row }) => <Time value={row.original.created_at} />,
    },
    {
      id: 'enabled',
      header: () => t('webhooks.enabled'),
      cell: ({ row }) => <EnabledSwitch webhook={row.original} />,
    },
    {
      id: 'actions',
      header: () => <span className="sr-only">{t('common.actions')}</span>,
      meta: { align: 'right', className: 'pl-0 pr-2' },
      cell: ({ row: { original } }) => (
        <Menu>
          <MenuTrigger asChild>
            <Button variant="ghost" size="icon-sm" aria-label={t('common.moreActions', { name: original.url })}>
              <MoreHorizontal aria-hidden />
            </Button>
          </MenuTrigger>
          <MenuContent align="end">
            <MenuItem onSelect={() => open(original.id)}>
              <Pencil aria-hidden />
              {t('common.edit')}
            </MenuItem>
            <MenuItem onSelect={() => test(original)}>
              <Send aria-hidden />
              {t('webhooks.test')}
            </MenuItem>
            <MenuItem onSelect={() => rotate(original)}>
              <KeyRound aria-hidden />
              {t('webhooks.rotate')}
            </MenuItem>
            <MenuItem danger onSelect={() => remove(original)}>
              <Trash2 aria-hidden />
              {t('common.delete')}
            </MenuItem>
          </MenuContent>
        </Menu>
      ),
    },
  ];
}
