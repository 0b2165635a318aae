import { useQuery } from '@tanstack/react-query';
import { Repeat2, Send } from 'lucide-react';
import { toast } from 'sonner';
import { asApiError } from '@/shared/api/errors';
import type { WebhookDelivery } from '@/shared/api/types';
import { useActingAccount } from '@/shared/automation/acting-account';
import { t, tn } from '@/shared/i18n';
import { Badge } from '@/shared/ui/badge';
import { Button } from '@/shared/ui/button';
import { CopyButton } from '@/shared/ui/copy-button';
import { DialogBody } from '@/shared/ui/dialog';
import { Pagination } from '@/shared/ui/pagination';
import { EmptyState, ErrorState, Skeleton } from '@/shared/ui/states';
import { Time } from '@/shared/ui/time';
import { deliveryList } from './api/list-deliveries';
import { useRedeliver } from './api/redeliver';

const REFRESH_MS = 5000;
const SIZE = 25;

const tones = { pending: 'neutral', delivered: 'success', retrying: 'accent', failed: 'danger' } as const;

function DeliveryState({ status }: { status: string }) {
  const known = (['pending', 'delivered', 'retrying', 'failed'] as const).find((word) => word === status);
  return known ? <Badge tone={tones[known]}>{t(`webhooks.statuses.${known}`)}</Badge> : <Badge>{status}</Badge>;
}

interface DeliveryListProps {
  webhookId: string;
  page: number;
  onPage: (page: number) => void;
}

/** What was sent to a webhook, the newest first; read anew by itself. */
export function DeliveryList({ webhookId, page, onPage }: DeliveryListProps) {
  const account = useActingAccount();
  const list = useQuery({ ...deliveryList(account, webhookId, { page, size: SIZE }), refetchInterval: REFRESH_MS });
  if (!list.data && list.isError) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  if (!list.data) {
    return (
      <DialogBody role="status" aria-label={t('common.loading')}>
        <Skeleton className="h-16 w-full" />
        <Skeleton className="h-16 w-full" />
      </DialogBody>
    );
  }
  if (list.data.total === 0) {
    return (
      <EmptyState icon={Send} title={t('webhooks.noDeliveriesTitle')}>
        {t('webhooks.noDeliveries')}
      </EmptyState>
    );
  }
  return (
    <>
      <DialogBody role="group" aria-label={t('webhooks.deliveries')} tabIndex={0} className="p-0">
        <ul className="divide-y">
          {list.data.items.map((delivery) => (
            <Delivery key={delivery.id} delivery={delivery} />
          ))}
        </ul>
      </DialogBody>
      {list.data.total > SIZE && (
        <Pagination page={page} size={SIZE} total={list.data.total} onChange={(next) => onPage(next.page)} />
      )}
    </>
  );
}

function Delivery({ delivery }: { delivery: WebhookDelivery }) {
  const redeliver = useRedeliver();
  const { response_status: status } = delivery;
  return (
    <li className="px-5 py-3.5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <DeliveryState status={delivery.status} />
        <code className="font-mono text-[0.8125rem]">{delivery.event}</code>
        <Time value={delivery.created_at} className="text-muted" />
        <Button
          size="sm"
          className="ml-auto"
          busy={redeliver.isPending}
          onClick={() =>
            redeliver.mutate(
              { webhook: delivery.webhook_id, delivery: delivery.id },
              {
                onSuccess: () => toast.success(t('webhooks.redeliveredToast')),
                onError: (error) => toast.error(asApiError(error).message),
              },
            )
          }
        >
          <Repeat2 aria-hidden />
          {t('webhooks.redeliver')}
        </Button>
      </div>
      <p className="mt-1 flex flex-wrap gap-x-3 text-[0.8125rem] text-muted">
        <span>{tn('webhooks.attempts', delivery.attempt_number)}</span>
        {status !== null && <span>{t('webhooks.statusCode', { status })}</span>}
        {delivery.delivered_at && (
          <span>
            {t('webhooks.deliveredAt')} <Time value={delivery.delivered_at} />
          </span>
        )}
        {delivery.next_retry_at && (
          <span>
            {t('webhooks.nextRetry')} <Time value={delivery.next_retry_at} />
          </span>
        )}
      </p>
      <div className="mt-1.5 space-y-1">
        <Viewer title={t('webhooks.payload')} text={JSON.stringify(delivery.payload, null, 2)} />
        <Viewer
          title={t('webhooks.reply')}
          text={delivery.response_body ?? ''}
          empty={t(status === null ? 'webhooks.noReply' : 'webhooks.emptyReply')}
        />
      </div>
    </li>
  );
}

/** A text that unfolds. */
function Viewer({ title, text, empty }: { title: string; text: string; empty?: string }) {
  return (
    <details>
      <summary className="w-fit cursor-pointer rounded text-[0.8125rem] text-muted hover:text-foreground">
        {title}
      </summary>
      <div className="relative mt-1.5">
        <pre className="rounded-lg border bg-subtle/50 py-2.5 pr-10 pl-3 font-mono text-xs leading-5 break-all whitespace-pre-wrap">
          {text || empty}
        </pre>
        {text && <CopyButton className="absolute top-1.5 right-1.5" text={text} label={t('common.copy')} />}
      </div>
    </details>
  );
}
