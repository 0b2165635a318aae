import { ArrowUp } from 'lucide-react';
import { formatNumber, t, tn } from '@/shared/i18n';
import { MOST_FRESH } from './live-notes';

interface FreshPillProps {
  /** New records that are not among the rows. */
  fresh: number;
  /** Rows whose records are deleted. */
  gone: number;
  onShow: () => void;
}

/** Offers what is new instead of moving the rows under the pointer. */
export function FreshPill({ fresh, gone, onShow }: FreshPillProps) {
  const parts = [
    ...(fresh >= MOST_FRESH ? [t('grid.freshMany', { count: formatNumber(MOST_FRESH) })] : []),
    ...(fresh > 0 && fresh < MOST_FRESH ? [tn('grid.fresh', fresh)] : []),
    ...(gone > 0 ? [tn('grid.gone', gone)] : []),
  ];
  return (
    <div role="status" className="pointer-events-none absolute inset-x-0 top-12 z-30 flex h-0 justify-center">
      {parts.length > 0 && (
        <button
          type="button"
          onClick={onShow}
          className="pointer-events-auto flex h-8 items-center gap-2 rounded-full bg-primary px-3.5 text-[0.8125rem] font-medium text-on-primary shadow-pop hover:bg-primary-hover motion-safe:animate-in motion-safe:fade-in-0 motion-safe:slide-in-from-top-2"
        >
          <ArrowUp className="size-3.5" aria-hidden />
          {parts.join(' · ')}
        </button>
      )}
    </div>
  );
}
