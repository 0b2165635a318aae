import { ChevronFirst, ChevronLast, ChevronLeft, ChevronRight } from 'lucide-react';
import { formatNumber, t } from '@/shared/i18n';
import { pageSizes } from '@/shared/lib/list-search';
import { Button } from './button';
import { Select } from './input';

interface PaginationProps {
  /** From 1. */
  page: number;
  size: number;
  total: number;
  onChange: (next: { page: number; size: number }) => void;
}

/** Which rows are shown of how many, with the ways to the others. */
export function Pagination({ page, size, total, onChange }: PaginationProps) {
  const pages = Math.max(1, Math.ceil(total / size));
  const first = total === 0 ? 0 : (page - 1) * size + 1;
  const last = Math.min(page * size, total);
  return (
    <nav
      aria-label={t('table.paging')}
      className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 border-t px-4 py-2.5"
    >
      <p className="text-[0.8125rem] text-muted tabular-nums" aria-live="polite">
        {t('table.range', { first: formatNumber(first), last: formatNumber(last), total: formatNumber(total) })}
      </p>
      <div className="flex items-center gap-2">
        <Select
          className="w-[7.5rem]"
          aria-label={t('table.pageSize')}
          value={size}
          onChange={(event) => onChange({ page: 1, size: Number(event.target.value) })}
        >
          {[...new Set([...pageSizes, size])]
            .sort((a, b) => a - b)
            .map((option) => (
              <option key={option} value={option}>
                {t('table.perPage', { count: option })}
              </option>
            ))}
        </Select>
        <Button
          size="icon"
          className="max-sm:hidden"
          aria-label={t('table.first')}
          disabled={page <= 1}
          onClick={() => onChange({ page: 1, size })}
        >
          <ChevronFirst aria-hidden />
        </Button>
        <Button
          size="icon"
          aria-label={t('table.previous')}
          disabled={page <= 1}
          onClick={() => onChange({ page: page - 1, size })}
        >
          <ChevronLeft aria-hidden />
        </Button>
        <Button
          size="icon"
          aria-label={t('table.next')}
          disabled={page >= pages}
          onClick={() => onChange({ page: page + 1, size })}
        >
          <ChevronRight aria-hidden />
        </Button>
        <Button
          size="icon"
          className="max-sm:hidden"
          aria-label={t('table.last')}
          disabled={page >= pages}
          onClick={() => onChange({ page: pages, size })}
        >
          <ChevronLast aria-hidden />
        </Button>
      </div>
    </nav>
  );
}
