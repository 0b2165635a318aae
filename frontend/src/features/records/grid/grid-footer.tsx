import { useQuery } from '@tanstack/react-query';
import { RotateCw } from 'lucide-react';
import { useState } from 'react';
import { asApiError } from '@/shared/api/errors';
import { formatNumber, t, tn } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { Button } from '@/shared/ui/button';
import { Choice } from '@/shared/ui/choice';
import { Pagination } from '@/shared/ui/pagination';
import { recordCount } from '../api/count-records';
import type { GridMode } from './saved-views';
import type { GridRows } from './use-grid-rows';

interface GridFooterProps {
  data: GridRows;
  mode: GridMode;
  onMode: (mode: GridMode) => void;
  page: number;
  size: number;
  onPage: (next: { page: number; size: number }) => void;
  collection: string;
  filter: string;
  search: string;
}

/** How the records are loaded and how far they are: pages, or one list that goes on by scrolling. */
export function GridFooter({ data, mode, onMode, page, size, onPage, ...wanted }: GridFooterProps) {
  return (
    <div className="flex flex-wrap items-center gap-x-2 border-t [&>nav]:min-w-0 [&>nav]:flex-1 [&>nav]:border-t-0">
      <div className="flex items-center gap-1 py-2 pl-2">
        <Button variant="ghost" size="icon" aria-label={t('records.refresh')} onClick={data.refresh}>
          <RotateCw className={cn(data.reading && 'animate-spin')} aria-hidden />
        </Button>
        <fieldset>
          <legend className="sr-only">{t('grid.mode')}</legend>
          <Choice
            name="grid-mode"
            value={mode}
            onChange={onMode}
            options={[
              { value: 'pages', label: t('grid.pages') },
              { value: 'scroll', label: t('grid.scroll') },
            ]}
          />
        </fieldset>
      </div>
      {mode === 'pages' ? (
        <Pagination page={page} size={size} total={data.total ?? 0} onChange={onPage} />
      ) : (
        <Loaded key={`${wanted.filter} ${wanted.search}`} data={data} {...wanted} />
      )}
    </div>
  );
}

function Loaded({ data, ...wanted }: Pick<GridFooterProps, 'data' | 'collection' | 'filter' | 'search'>) {
  const [counting, setCounting] = useState(false);
  const count = useQuery({ ...recordCount(wanted), enabled: counting });
  const { start, rows, more, moreError } = data;
  const end = start + rows.length;
  const total = more ? (counting ? count.data : undefined) : end;
  const loaded =
    start > 0
      ? t('grid.loadedFrom', { first: formatNumber(start + 1), last: formatNumber(end) })
      : tn('grid.loaded', end);
  return (
    <div className="flex flex-1 flex-wrap items-center justify-end gap-x-3 gap-y-1 px-4 py-2.5 text-[0.8125rem]">
      {moreError ? (
        <p role="alert" className="flex items-center gap-2 text-danger">
          {t('grid.loadFailed')} {asApiError(moreError).message}
          <Button size="sm" onClick={data.retryMore}>
            {t('common.retry')}
          </Button>
        </p>
      ) : (
        <p className="text-muted tabular-nums">
          {loaded}
          {total !== undefined && total !== null && more && ` ${t('grid.ofTotal', { total: formatNumber(total) })}`}
        </p>
      )}
      {more && !counting && (
        <Button variant="link" size="sm" className="px-0" onClick={() => setCounting(true)}>
          {t('grid.showTotal')}
        </Button>
      )}
    </div>
  );
}
