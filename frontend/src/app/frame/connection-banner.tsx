import { useQueryClient } from '@tanstack/react-query';
import { WifiOff } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { toast } from 'sonner';
import { probeConnection, useConnectionLost } from '@/shared/api/connection';
import { t } from '@/shared/i18n';
import { Button } from '@/shared/ui/button';

const PAUSE_MS = 4000;

/** Tells that the server cannot be reached, asks for it now and again, and reads the page anew once it is back. */
export function ConnectionBanner() {
  const lost = useConnectionLost();
  const queryClient = useQueryClient();
  const [trying, setTrying] = useState(false);
  const wasLost = useRef(false);

  useEffect(() => {
    if (lost) {
      wasLost.current = true;
      const timer = window.setInterval(() => void probeConnection(), PAUSE_MS);
      return () => window.clearInterval(timer);
    }
    if (wasLost.current) {
      wasLost.current = false;
      toast.success(t('connection.back'));
      void queryClient.invalidateQueries();
    }
  }, [lost, queryClient]);

  if (!lost) return null;
  return (
    <div
      role="alert"
      className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 border-b border-danger/30 bg-danger-subtle px-4 py-1 text-danger sm:px-6 lg:px-8"
    >
      <WifiOff className="size-4 shrink-0" aria-hidden />
      <span className="min-w-0 flex-1">{t('connection.lost')}</span>
      <Button
        size="sm"
        busy={trying}
        onClick={() => {
          setTrying(true);
          void probeConnection().finally(() => setTrying(false));
        }}
      >
        {t('common.retry')}
      </Button>
    </div>
  );
}
