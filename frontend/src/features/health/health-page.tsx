import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Activity, Database, Files, History, Mail, Radio, Server } from 'lucide-react';
import type { ServerHealth } from '@/shared/api/types';
import { formatBytes, formatDuration, formatNumber, t } from '@/shared/i18n';
import { useRefreshInterval } from '@/shared/lib/refresh-interval';
import { Badge } from '@/shared/ui/badge';
import { Card, Page } from '@/shared/ui/page';
import { RefreshControl } from '@/shared/ui/refresh-control';
import { ErrorState, Skeleton } from '@/shared/ui/states';
import { Time } from '@/shared/ui/time';
import { serverHealth } from './api/server-health';
import { Part } from './part';
import { RateLimit } from './rate-limit';

const PARTS = 6;

/** How the parts of the server are, now and again. */
export function HealthPage() {
  const [interval, setInterval] = useRefreshInterval();
  const health = useQuery({ ...serverHealth(), refetchInterval: interval > 0 ? interval * 1000 : false });
  const { data } = health;
  return (
    <Page
      title={t('nav.health')}
      description={t('health.lead')}
      actions={
        <RefreshControl
          interval={interval}
          onIntervalChange={setInterval}
          onRefresh={() => void health.refetch()}
          busy={health.isFetching}
        />
      }
    >
      {health.isError && (
        // What was read last stays below while the server does not answer.
        <Card className={data && 'mb-6'}>
          <ErrorState error={health.error} onRetry={() => void health.refetch()} />
        </Card>
      )}
      {health.isPending && <Pending />}
      {data && (
        <>
          <Summary health={data} />
          <Parts health={data} />
          <RateLimit limit={data.rate_limit} />
        </>
      )}
    </Page>
  );
}

function Summary({ health: { status, version, uptime_seconds } }: { health: ServerHealth }) {
  return (
    <Card className="mb-6 flex flex-wrap items-center gap-x-6 gap-y-2 px-5 py-3.5">
      <Badge tone={status === 'healthy' ? 'success' : 'danger'}>
        <Activity aria-hidden />
        {t(status === 'healthy' ? 'health.healthy' : 'health.unhealthy')}
      </Badge>
      <span>{t('health.version', { version })}</span>
      <span className="text-muted">{t('health.upSince', { span: formatDuration(uptime_seconds) })}</span>
    </Card>
  );
}

function Parts({ health }: { health: ServerHealth }) {
  const { database, realtime, mail, audit, files } = health;
  return (
    <div className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
      <Part
        icon={Database}
        title={t('health.database')}
        badge={
          database.status === 'connected' ? (
            <Badge tone="success">{t('home.connected')}</Badge>
          ) : (
            <Badge tone="danger">{database.status}</Badge>
          )
        }
        rows={[
          [t('health.kind'), t(`health.kinds.${database.kind}`)],
          [t('health.size'), formatBytes(database.size_bytes)],
          [t('health.latency'), t('health.milliseconds', { ms: formatNumber(database.latency_ms) })],
        ]}
      />
      <Part
        icon={Server}
        title={t('health.server')}
        rows={[
          [t('health.started'), <Time key="started" value={health.started_at} />],
          [t('health.uptime'), formatDuration(health.uptime_seconds)],
          [t('health.memory'), health.memory_bytes === null ? t('health.unknown') : formatBytes(health.memory_bytes)],
        ]}
      />
      <Part
        icon={Radio}
        title={t('health.realtime')}
        badge={<OnOff on={realtime.enabled} />}
        rows={[
          [t('health.connections'), formatNumber(realtime.connections)],
          [t('health.subscriptions'), formatNumber(realtime.subscriptions)],
        ]}
      />
      <Part
        icon={Mail}
        title={t('health.mail')}
        badge={
          mail.failed_24h > 0 && (
            <Link
              to="/mail"
              search={{ tab: 'logs', status: 'failed' }}
              className="rounded text-[0.8125rem] font-medium text-danger hover:underline"
            >
              {t('health.showFailed')}
            </Link>
          )
        }
        rows={[
          [t('health.sent'), formatNumber(mail.sent_24h)],
          [t('health.failed'), formatNumber(mail.failed_24h)],
        ]}
      />
      <Part
        icon={History}
        title={t('health.audit')}
        badge={<OnOff on={audit.enabled} />}
        rows={[[t('health.waiting'), formatNumber(audit.waiting)]]}
      />
      <Part
        icon={Files}
        title={t('health.files')}
        rows={[
          [t('health.count'), formatNumber(files.count)],
          [t('health.size'), formatBytes(files.bytes)],
        ]}
      />
    </div>
  );
}

function OnOff({ on }: { on: boolean }) {
  return <Badge tone={on ? 'success' : 'neutral'}>{t(on ? 'health.on' : 'health.off')}</Badge>;
}

function Pending() {
  return (
    <div role="status" aria-label={t('common.loading')}>
      <Skeleton className="mb-6 h-12 w-full rounded-xl" />
      <div className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
        {Array.from({ length: PARTS }, (_, index) => (
          <Skeleton key={index} className="h-40 w-full rounded-xl" />
        ))}
      </div>
    </div>
  );
}
