import { useMemo } from 'react';
import { Gauge, ShieldCheck } from 'lucide-react';
import type { RefusedCaller, ServerHealth } from '@/shared/api/types';
import { formatNumber, t } from '@/shared/i18n';
import { type DataColumn, DataTable } from '@/shared/ui/data-table';
import { Card } from '@/shared/ui/page';
import { EmptyState } from '@/shared/ui/states';
import { Time } from '@/shared/ui/time';
import { Part } from './part';
import { readRefusedKey } from './refused-key';

const amount = (count: number | null) => (count === null ? t('health.noLimit') : formatNumber(count));

/** How requests are limited, and who was refused for it. */
export function RateLimit({ limit }: { limit: ServerHealth['rate_limit'] }) {
  const own = Object.entries(limit.endpoints);
  return (
    <div className="mt-6 grid gap-4 xl:grid-cols-3">
      <div className="space-y-4">
        <Part
          icon={Gauge}
          title={t('health.rateLimit')}
          badge={<span className="text-muted">{t(limit.enabled ? 'health.on' : 'health.off')}</span>}
          rows={[
            [t('health.perMinute'), amount(limit.per_minute)],
            [t('health.perHour'), amount(limit.per_hour)],
            [t('health.burst'), amount(limit.burst)],
            [t('health.authenticated'), amount(limit.authenticated_per_minute)],
          ]}
        />
        {own.length > 0 && (
          <Card className="px-5 py-4">
            <h2 className="font-medium">{t('health.ownLimits')}</h2>
            <dl className="mt-3 space-y-2">
              {own.map(([path, count]) => (
                <div key={path} className="flex items-baseline justify-between gap-4">
                  <dt className="min-w-0 font-mono text-xs break-all text-muted">{path}</dt>
                  <dd className="tabular-nums">{formatNumber(count)}</dd>
                </div>
              ))}
            </dl>
          </Card>
        )}
      </div>
      <Card className="min-w-0 self-start overflow-hidden xl:col-span-2">
        <div className="border-b px-5 py-3.5">
          <h2 className="text-base font-semibold">{t('health.refusedTitle')}</h2>
          <p className="mt-0.5 text-muted">{t('health.refusedLead')}</p>
        </div>
        <Refused rows={limit.refused} enabled={limit.enabled} />
      </Card>
    </div>
  );
}

function Refused({ rows, enabled }: { rows: RefusedCaller[]; enabled: boolean }) {
  const columns = useMemo<DataColumn<RefusedCaller>[]>(
    () => [
      {
        id: 'caller',
        header: () => t('health.caller'),
        meta: { className: 'w-full max-w-0 min-w-40' },
        cell: ({ row }) => <Caller refusedKey={row.original.key} />,
      },
      {
        id: 'path',
        header: () => t('health.path'),
        meta: { className: 'whitespace-nowrap max-md:hidden' },
        cell: ({ row: { original } }) =>
          original.path ? (
            <code className="font-mono text-xs">{original.path}</code>
          ) : (
            <span className="text-muted">{t('health.anyPath')}</span>
          ),
      },
      {
        id: 'refused',
        header: () => t('health.refused'),
        meta: { align: 'right' },
        cell: ({ row }) => formatNumber(row.original.refused),
      },
      {
        id: 'last',
        header: () => t('health.last'),
        meta: { className: 'whitespace-nowrap text-muted max-sm:hidden' },
        cell: ({ row }) => <Time value={row.original.last_refused_at} />,
      },
    ],
    [],
  );
  return (
    <DataTable
      label={t('health.refusedTitle')}
      columns={columns}
      rows={rows}
      rowId={(row) => `${row.key} ${row.path ?? ''}`}
      empty={
        <EmptyState icon={ShieldCheck} title={t('health.noneRefused')}>
          {!enabled && t('health.rateLimitOff')}
        </EmptyState>
      }
    />
  );
}

function Caller({ refusedKey }: { refusedKey: string }) {
  const { kind, id } = readRefusedKey(refusedKey);
  return (
    <span className="block min-w-0">
      <code className="block truncate font-mono text-xs">{id}</code>
      {kind && <span className="block text-[0.8125rem] text-muted">{t(`health.callers.${kind}`)}</span>}
    </span>
  );
}
