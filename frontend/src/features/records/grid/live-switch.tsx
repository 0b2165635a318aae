import { useId } from 'react';
import type { LiveState } from '@/shared/realtime/connection';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';

const texts = {
  live: 'grid.liveOn',
  connecting: 'grid.liveConnecting',
  interrupted: 'grid.liveInterrupted',
  denied: 'grid.liveDenied',
  unavailable: 'grid.liveUnavailable',
} as const;

interface LiveSwitchProps {
  on: boolean;
  onChange: (on: boolean) => void;
  state: LiveState;
}

/** Tells whether changes are followed as they happen, and switches that. */
export function LiveSwitch({ on, onChange, state }: LiveSwitchProps) {
  const id = useId();
  const text = t(on ? texts[state] : 'grid.liveOff');
  return (
    <button
      type="button"
      aria-pressed={on}
      title={text}
      aria-describedby={id}
      data-live={on ? state : 'off'}
      onClick={() => onChange(!on)}
      className={cn(
        'inline-flex h-8 shrink-0 items-center gap-2 rounded-lg px-2.5 text-[0.8125rem] font-medium hover:bg-hover',
        on && state === 'live' ? 'text-foreground' : 'text-muted',
      )}
    >
      <span
        className={cn(
          'size-2 rounded-full',
          !on && 'ring-1 ring-control ring-inset',
          on && state === 'live' && 'bg-success',
          on && state === 'connecting' && 'animate-pulse bg-control',
          on && state === 'interrupted' && 'bg-danger',
          on && (state === 'denied' || state === 'unavailable') && 'ring-1 ring-control ring-inset',
        )}
        aria-hidden
      />
      {t('grid.live')}
      <span id={id} className="sr-only">
        {text}
      </span>
    </button>
  );
}
