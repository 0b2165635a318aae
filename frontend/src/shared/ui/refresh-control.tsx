import { RotateCw } from 'lucide-react';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { type Interval, intervals } from '@/shared/lib/refresh-interval';
import { Button } from './button';
import { Select } from './input';

interface RefreshControlProps {
  interval: Interval;
  onIntervalChange: (seconds: number) => void;
  onRefresh: () => void;
  busy: boolean;
}

/** How often a page reads anew, and a button to do it now. */
export function RefreshControl({ interval, onIntervalChange, onRefresh, busy }: RefreshControlProps) {
  return (
    <span className="flex items-center gap-2">
      <Select
        className="w-44"
        aria-label={t('home.refresh')}
        value={interval}
        onChange={(event) => onIntervalChange(Number(event.target.value))}
      >
        {intervals.map((seconds) => (
          <option key={seconds} value={seconds}>
            {t(`home.every.s${seconds}`)}
          </option>
        ))}
      </Select>
      <Button size="icon" aria-label={t('common.refresh')} onClick={onRefresh}>
        <RotateCw className={cn(busy && 'animate-spin')} aria-hidden />
      </Button>
    </span>
  );
}
