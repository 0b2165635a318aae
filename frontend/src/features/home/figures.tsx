import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { DashboardStats } from '@/shared/api/types';
import { formatNumber, t, tn } from '@/shared/i18n';
import { Badge } from '@/shared/ui/badge';
import { Card } from '@/shared/ui/page';
import { Skeleton } from '@/shared/ui/states';

/** What the installation holds, in numbers. */
export function Figures({ data }: { data: DashboardStats | undefined }) {
  return (
    <>
      <div className="grid grid-cols-2 gap-3 sm:gap-4 xl:grid-cols-4">
        <Figure
          value={data?.total_collections}
          label={(count) => tn('home.collections', count)}
          note={data && tn('home.public', data.public_collections_count)}
        />
        <Figure value={data?.total_records} label={(count) => tn('home.records', count)} />
        <Figure
          value={data?.total_accounts}
          label={(count) => tn('home.accounts', count)}
          note={data && tn('home.thisWeek', data.new_accounts_7d)}
        />
        <Figure
          value={data?.total_users}
          label={(count) => tn('home.users', count)}
          note={data && tn('home.thisWeek', data.new_users_7d)}
        />
      </div>
      <Card className="mt-3 flex flex-wrap items-center gap-x-8 gap-y-2 px-5 py-3 sm:mt-4">
        <Health label={t('home.database')}>
          {data &&
            (data.system_health.database_status === 'connected' ? (
              <Badge tone="success">{t('home.connected')}</Badge>
            ) : (
              <Badge tone="danger">{data.system_health.database_status}</Badge>
            ))}
        </Health>
        <Health label={t('home.storage')}>
          {data && t('home.megabytes', { size: formatNumber(data.system_health.storage_usage_mb) })}
        </Health>
        <Health label={t('home.sessions')}>{data && formatNumber(data.active_sessions)}</Health>
        <Link to="/health" className="ml-auto rounded font-medium text-accent hover:underline">
          {t('nav.health')}
        </Link>
      </Card>
    </>
  );
}

interface FigureProps {
  value: number | undefined;
  label: (count: number) => string;
  note?: string;
}

function Figure({ value, label, note }: FigureProps) {
  return (
    <Card className="px-5 py-4">
      <p className="flex h-9 items-center text-[1.75rem] leading-none font-semibold tracking-tight">
        {value === undefined ? <Skeleton className="h-7 w-14" /> : formatNumber(value)}
      </p>
      <p className="mt-1 text-muted first-letter:uppercase">{label(value ?? 0)}</p>
      {note && <p className="text-[0.8125rem] text-muted">{note}</p>}
    </Card>
  );
}

function Health({ label, children }: { label: string; children: ReactNode }) {
  return (
    <p className="flex items-center gap-2">
      <span className="text-muted">{label}</span>
      <span className="font-medium">{children ?? <Skeleton className="h-4 w-14" />}</span>
    </p>
  );
}
