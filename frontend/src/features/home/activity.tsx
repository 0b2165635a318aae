import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { ChartColumn, TableProperties } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { DashboardPoint } from '@/shared/api/types';
import { formatNumber, t, tn } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { Button } from '@/shared/ui/button';
import { Choice } from '@/shared/ui/choice';
import { Card } from '@/shared/ui/page';
import { ErrorState, Skeleton } from '@/shared/ui/states';
import { ActivityTable } from './activity-table';
import { dashboardSeries } from './api/dashboard-series';
import { type Measure, measures, total } from './measures';

const ActivityChart = lazy(async () => ({ default: (await import('./activity-chart')).ActivityChart }));

const route = getRouteApi('/frame/');
const DEFAULT_DAYS = 30;
const ranges = ['7', '30', '90'] as const;

/** What happened day by day, as charts or as a table. */
export function Activity({ refetchInterval }: { refetchInterval: number | false }) {
  const { days = DEFAULT_DAYS } = route.useSearch();
  const navigate = useNavigate({ from: '/' });
  const series = useQuery({ ...dashboardSeries(days), refetchInterval });
  const [asTable, setAsTable] = useState(false);
  const points = series.data?.points;
  const ViewIcon = asTable ? ChartColumn : TableProperties;

  return (
    <section aria-labelledby="activity" className="mt-6">
      <div className="mb-3 flex flex-wrap items-center justify-between gap-3">
        <h2 id="activity" className="text-base font-semibold">
          {t('home.activity')}
        </h2>
        <div className="flex flex-wrap items-center gap-2">
          <Button variant="ghost" size="sm" onClick={() => setAsTable(!asTable)} disabled={!points}>
            <ViewIcon aria-hidden />
            {t(asTable ? 'home.asChart' : 'home.asTable')}
          </Button>
          <fieldset>
            <legend className="sr-only">{t('home.range')}</legend>
            <Choice
              name="activity-days"
              value={ranges.find((range) => range === String(days)) ?? '30'}
              onChange={(next) =>
                void navigate({
                  search: (old) => ({ ...old, days: next === '30' ? undefined : next === '7' ? 7 : 90 }),
                  replace: true,
                  resetScroll: false,
                })
              }
              options={ranges.map((value) => ({ value, label: tn('home.days', Number(value)) }))}
            />
          </fieldset>
        </div>
      </div>
      {series.isError && !points ? (
        <Card>
          <ErrorState error={series.error} onRetry={() => void series.refetch()} />
        </Card>
      ) : asTable && points ? (
        <Card className="overflow-hidden">
          <ActivityTable points={points} />
        </Card>
      ) : (
        <div className={cn('grid gap-6 xl:grid-cols-2', series.isPlaceholderData && 'opacity-60')}>
          <Panel title={t('home.changesByDay')} points={points} shown={measures.changes} />
          <Panel title={t('home.newcomers')} points={points} shown={measures.newcomers} />
        </div>
      )}
    </section>
  );
}

interface PanelProps {
  title: string;
  points: DashboardPoint[] | undefined;
  shown: readonly Measure[];
}

function Panel({ title, points, shown }: PanelProps) {
  const sums = shown.map(({ key, label }) => `${t(label)}: ${formatNumber(total(points ?? [], key))}`);
  return (
    <Card className="min-w-0 p-5">
      <h3 className="font-medium">{title}</h3>
      <ul className="mt-1 flex flex-wrap gap-x-5 gap-y-1 text-[0.8125rem] text-muted">
        {shown.map(({ key, label, swatch }) => (
          <li key={key} className="flex items-center gap-1.5">
            <span className={cn('size-2.5 rounded-sm', swatch)} aria-hidden />
            {t(label)}
            <span className="font-medium text-foreground tabular-nums">
              {points ? formatNumber(total(points, key)) : ''}
            </span>
          </li>
        ))}
      </ul>
      <div className="mt-4 h-56" role="img" aria-label={`${title}. ${sums.join(', ')}`}>
        {points === undefined ? (
          <Skeleton className="h-full w-full" />
        ) : shown.every(({ key }) => total(points, key) === 0) ? (
          <p className="grid h-full place-items-center rounded-lg border border-dashed text-muted">
            {t('home.noActivity')}
          </p>
        ) : (
          <Suspense fallback={<Skeleton className="h-full w-full" />}>
            <ActivityChart points={points} shown={shown} />
          </Suspense>
        )}
      </div>
    </Card>
  );
}
