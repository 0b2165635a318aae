import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowRight, Building2, Database, RotateCw, Table2 } from 'lucide-react';
import type { ReactNode } from 'react';
import type { DashboardStats } from '@/shared/api/types';
import { OperationBadge } from '@/shared/audit/operation-badge';
import { formatNumber, t, tn } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { Badge } from '@/shared/ui/badge';
import { Button } from '@/shared/ui/button';
import { Select } from '@/shared/ui/input';
import { Card, Page } from '@/shared/ui/page';
import { ErrorState, Skeleton } from '@/shared/ui/states';
import { Time } from '@/shared/ui/time';
import { dashboardStats } from './api/dashboard-stats';
import { newestCollections } from './api/newest-collections';
import { FirstSteps } from './first-steps';
import { groupedChanges } from './grouped-changes';
import { intervals, useRefreshInterval } from './refresh-interval';

/** Figures of the installation, and for a fresh one what to do first. */
export function Dashboard() {
  const [interval, setInterval] = useRefreshInterval();
  const refetchInterval = interval > 0 ? interval * 1000 : (false as const);
  const stats = useQuery({ ...dashboardStats(), refetchInterval });
  const data = stats.data;

  return (
    <Page
      title={t('home.title')}
      actions={
        <>
          <Button asChild>
            <Link to="/accounts" search={{ dialog: 'new' }}>
              <Building2 aria-hidden />
              {t('accounts.new')}
            </Link>
          </Button>
          <Button asChild>
            <Link to="/collections/new">
              <Database aria-hidden />
              {t('palette.newCollection')}
            </Link>
          </Button>
          <span className="flex items-center gap-2">
            <Select
              className="w-44"
              aria-label={t('home.refresh')}
              value={interval}
              onChange={(event) => setInterval(Number(event.target.value))}
            >
              {intervals.map((seconds) => (
                <option key={seconds} value={seconds}>
                  {t(`home.every.s${seconds}`)}
                </option>
              ))}
            </Select>
            <Button size="icon" aria-label={t('common.refresh')} onClick={() => void stats.refetch()}>
              <RotateCw className={cn(stats.isFetching && 'animate-spin')} aria-hidden />
            </Button>
          </span>
        </>
      }
    >
      {stats.isError && !data ? (
        <Card>
          <ErrorState error={stats.error} onRetry={() => void stats.refetch()} />
        </Card>
      ) : (
        <>
          <Tiles data={data} />
          {data && <FirstSteps stats={data} />}
          <div className="mt-6 grid gap-6 xl:grid-cols-2">
            <NewestCollections />
            <Registrations data={data} />
          </div>
          <RecentChanges data={data} />
        </>
      )}
    </Page>
  );
}

function Tiles({ data }: { data: DashboardStats | undefined }) {
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

function List({ title, link, children }: { title: string; link: ReactNode; children: ReactNode }) {
  return (
    <Card className="min-w-0 overflow-hidden">
      <div className="flex items-center justify-between gap-4 border-b px-5 py-3">
        <h2 className="text-base font-semibold">{title}</h2>
        <Button asChild size="sm" variant="ghost">
          {link}
        </Button>
      </div>
      {children}
    </Card>
  );
}

function NewestCollections() {
  const collections = useQuery(newestCollections());
  const newest = collections.data?.items ?? [];
  if (newest.length === 0) return null;
  return (
    <List
      title={t('home.recent')}
      link={
        <Link to="/collections">
          {t('home.all')}
          <ArrowRight aria-hidden />
        </Link>
      }
    >
      <ul className="divide-y">
        {newest.map((item) => (
          <li key={item.id} className="relative flex items-center gap-3 px-5 py-3 hover:bg-subtle/70">
            <Table2 className="size-4 shrink-0 text-accent" aria-hidden />
            <Link
              to="/collections/$name/records"
              params={{ name: item.name }}
              className="min-w-0 truncate font-medium after:absolute after:inset-0"
            >
              {item.name}
            </Link>
            <span className="ml-auto whitespace-nowrap text-muted tabular-nums">
              {formatNumber(item.records_count)} {tn('home.records', item.records_count)}
            </span>
            <Time className="hidden w-44 text-right whitespace-nowrap text-muted sm:block" value={item.created_at} />
          </li>
        ))}
      </ul>
    </List>
  );
}

function Registrations({ data }: { data: DashboardStats | undefined }) {
  if (!data || data.recent_registrations.length === 0) return null;
  return (
    <List
      title={t('home.registrations')}
      link={
        <Link to="/users">
          {t('home.allUsers')}
          <ArrowRight aria-hidden />
        </Link>
      }
    >
      <ul className="divide-y">
        {data.recent_registrations.map((user) => (
          <li key={user.id} className="flex items-center gap-4 px-5 py-2.5">
            <span className="min-w-0 flex-1">
              <span className="block truncate font-medium">{user.email}</span>
              <Link
                to="/users"
                search={{ account: user.account_id }}
                className="block max-w-fit truncate rounded text-[0.8125rem] text-muted hover:underline"
              >
                {user.account_name}
              </Link>
            </span>
            <Time className="hidden whitespace-nowrap text-muted sm:block" value={user.created_at} />
          </li>
        ))}
      </ul>
    </List>
  );
}

function RecentChanges({ data }: { data: DashboardStats | undefined }) {
  if (!data || data.recent_audit_logs.length === 0) return null;
  return (
    <div className="mt-6">
      <List
        title={t('home.changes')}
        link={
          <Link to="/audit">
            {t('home.allChanges')}
            <ArrowRight aria-hidden />
          </Link>
        }
      >
        <ul className="divide-y">
          {groupedChanges(data.recent_audit_logs).map(({ entry, columns }) => (
            <li key={entry.id} className="relative flex items-center gap-3 px-5 py-2 hover:bg-subtle/70">
              <span className="w-16 shrink-0">
                <OperationBadge operation={entry.operation} />
              </span>
              <Link
                to="/audit"
                search={
                  columns.length === 1 ? { entry: entry.id } : { table: entry.table_name, record: entry.record_id }
                }
                className="min-w-0 truncate font-mono text-xs after:absolute after:inset-0"
              >
                {entry.table_name}
                <span className="text-muted">.{columns.join(', ')}</span>
              </Link>
              <span className="ml-auto hidden max-w-64 shrink-0 truncate text-muted md:block">{entry.user_email}</span>
              <Time
                className="shrink-0 text-right whitespace-nowrap text-muted max-md:ml-auto md:w-44"
                value={entry.occurred_at}
              />
            </li>
          ))}
        </ul>
      </List>
    </div>
  );
}
