import { useQuery } from '@tanstack/react-query';
import { asApiError } from '@/shared/api/errors';
import type { Collection } from '@/shared/api/types';
import { formatNumber, t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { Skeleton } from '@/shared/ui/states';
import { recordSummary, sums } from '../api/aggregate-records';

interface SummaryBarProps {
  collection: Collection;
  filter: string;
  search: string;
}

/** Total of the records that are let through, and what their number fields come to. */
export function SummaryBar({ collection, filter, search }: SummaryBarProps) {
  const fields = collection.schema.filter((field) => field.type === 'number').map((field) => field.name);
  const summary = useQuery(recordSummary({ collection: collection.name, filter, search, fields }));
  const { data } = summary;
  if (summary.isError) {
    return (
      <p role="alert" className="border-b px-4 py-3 text-[0.8125rem] text-danger">
        {asApiError(summary.error).message}
      </p>
    );
  }
  return (
    <section
      aria-label={t('grid.summaryOf')}
      aria-busy={summary.isFetching}
      className={cn(
        'flex flex-wrap gap-x-8 gap-y-3 border-b bg-subtle/50 px-4 py-3 transition-opacity',
        summary.isPlaceholderData && 'opacity-60',
      )}
    >
      <dl className="min-w-20">
        <dt className="text-xs text-muted">{t('grid.total')}</dt>
        <dd className="mt-0.5 text-lg leading-7 font-semibold tabular-nums">
          {data ? formatNumber(data.count) : <Skeleton className="mt-1.5 h-4 w-14" />}
        </dd>
      </dl>
      {fields.map((name, index) => (
        <div key={name} className="min-w-0">
          <p className="truncate text-xs font-medium">{name}</p>
          <dl className="mt-1 flex flex-wrap gap-x-4 gap-y-1 text-[0.8125rem]">
            {sums.map((sum) => (
              <div key={sum} className="flex gap-1.5">
                <dt className="text-muted">{t(`grid.${sum}`)}</dt>
                <dd className="font-medium tabular-nums">
                  {data ? shown(data.fields[index]?.values[sum]) : <Skeleton className="mt-1 h-3 w-10" />}
                </dd>
              </div>
            ))}
          </dl>
        </div>
      ))}
      {fields.length === 0 && <p className="self-center text-[0.8125rem] text-muted">{t('grid.noNumbers')}</p>}
    </section>
  );
}

const shown = (value: number | null | undefined) => (typeof value === 'number' ? formatNumber(value) : '–');
