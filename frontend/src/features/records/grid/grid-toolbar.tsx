import { Sigma } from 'lucide-react';
import type { ReactNode } from 'react';
import type { LiveState } from '@/shared/realtime/connection';
import { t } from '@/shared/i18n';
import { useLiveChoice } from '@/shared/realtime/live-choice';
import { Button } from '@/shared/ui/button';
import { LiveSwitch } from './live-switch';

interface GridToolbarProps {
  live: LiveState;
  summary: boolean;
  onSummary: (shown: boolean) => void;
  /** Further tools, at the end. */
  children: ReactNode;
}

/** What can be done with the grid itself. */
export function GridToolbar({ live, summary, onSummary, children }: GridToolbarProps) {
  const [on, setOn] = useLiveChoice();
  return (
    <div className="flex min-h-12 flex-wrap items-center gap-1.5 border-b px-3 py-2">
      <LiveSwitch on={on} onChange={setOn} state={live} />
      <div className="ml-auto flex flex-wrap items-center gap-1.5">
        <Button
          size="sm"
          variant={summary ? 'secondary' : 'ghost'}
          aria-expanded={summary}
          onClick={() => onSummary(!summary)}
        >
          <Sigma aria-hidden />
          <span className="max-sm:sr-only">{t('grid.summary')}</span>
        </Button>
        {children}
      </div>
    </div>
  );
}
