import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowRight, Table2 } from 'lucide-react';
import type { ReactNode } from 'react';
import type { DashboardStats } from '@/shared/api/types';
import { OperationBadge } from '@/shared/audit/operation-badge';
import { formatNumber, t, tn } from '@/shared/i18n';
import { Button } from '@/shared/ui/button';
import { Card } from '@/shared/ui/page';
import { Time } from '@/shared/ui/time';
import { newestCollections } from './api/newest-collections';
import { groupedChanges } from './grouped-changes';

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

export function NewestCollections() {
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

export function Registrations({ data }: { data: DashboardStats | undefined }) {
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

export function RecentChanges({ data }: { data: DashboardStats | undefined }) {
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
