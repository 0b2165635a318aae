import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Building2, Database } from 'lucide-react';
import { t } from '@/shared/i18n';
import { useRefreshInterval } from '@/shared/lib/refresh-interval';
import { Button } from '@/shared/ui/button';
import { Card, Page } from '@/shared/ui/page';
import { RefreshControl } from '@/shared/ui/refresh-control';
import { ErrorState } from '@/shared/ui/states';
import { Activity } from './activity';
import { dashboardStats } from './api/dashboard-stats';
import { Figures } from './figures';
import { FirstSteps } from './first-steps';
import { NewestCollections, RecentChanges, Registrations } from './recent-lists';

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
          <RefreshControl
            interval={interval}
            onIntervalChange={setInterval}
            onRefresh={() => void stats.refetch()}
            busy={stats.isFetching}
          />
        </>
      }
    >
      {stats.isError && !data ? (
        <Card>
          <ErrorState error={stats.error} onRetry={() => void stats.refetch()} />
        </Card>
      ) : (
        <>
          <Figures data={data} />
          {data && <FirstSteps stats={data} />}
          <Activity refetchInterval={refetchInterval} />
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
