import { useQuery } from '@tanstack/react-query';
import { LogOut, MonitorSmartphone } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import type { SessionEntry } from '@/shared/api/types';
import { formatDateTime, t } from '@/shared/i18n';
import { Badge } from '@/shared/ui/badge';
import { Button } from '@/shared/ui/button';
import { ConfirmDelete } from '@/shared/ui/confirm-delete';
import { Card } from '@/shared/ui/page';
import { EmptyState, ErrorState, Skeleton } from '@/shared/ui/states';
import { useEndOtherSessions } from './api/end-other-sessions';
import { useEndSession } from './api/end-session';
import { sessionList } from './api/list-sessions';
import { programOf } from './user-agent';

function nameOf({ user_agent }: SessionEntry): string {
  const { browser, system } = programOf(user_agent ?? '');
  if (browser && system) return t('profile.browserOn', { browser, system });
  return browser ?? system ?? (user_agent || t('profile.unknownProgram'));
}

/** Where the user is signed in, with the ways to end that. */
export function SessionList() {
  const sessions = useQuery(sessionList());
  const end = useEndSession();
  const endOthers = useEndOtherSessions();
  const [asking, setAsking] = useState(false);
  const others = sessions.data?.filter((session) => !session.current) ?? [];
  return (
    <Card className="overflow-hidden">
      <div className="flex flex-wrap items-center justify-between gap-3 border-b px-5 py-3">
        <h2 className="text-base font-semibold">{t('profile.sessions')}</h2>
        <Button size="sm" disabled={others.length === 0} onClick={() => setAsking(true)}>
          <LogOut aria-hidden />
          {t('profile.endOthers')}
        </Button>
      </div>
      {sessions.isError && <ErrorState error={sessions.error} onRetry={() => void sessions.refetch()} />}
      {sessions.isPending && (
        <div className="space-y-3 p-5" role="status" aria-label={t('common.loading')}>
          <Skeleton className="h-10 w-full" />
          <Skeleton className="h-10 w-full" />
        </div>
      )}
      {sessions.data?.length === 0 && <EmptyState icon={MonitorSmartphone} title={t('profile.noSessions')} />}
      <ul className="divide-y">
        {sessions.data?.map((session) => (
          <li key={session.id} className="flex items-center gap-4 px-5 py-3">
            <MonitorSmartphone className="size-5 shrink-0 text-muted max-sm:hidden" aria-hidden />
            <div className="min-w-0 flex-1">
              <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
                <span className="min-w-0 truncate font-medium" title={session.user_agent ?? undefined}>
                  {nameOf(session)}
                </span>
                {session.current && <Badge tone="success">{t('profile.thisOne')}</Badge>}
              </p>
              <p className="text-[0.8125rem] text-muted">
                {[
                  session.ip_address,
                  t('profile.signedIn', { time: formatDateTime(session.created_at) }),
                  session.last_used_at && t('profile.lastUsed', { time: formatDateTime(session.last_used_at) }),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </p>
            </div>
            {!session.current && (
              <Button
                variant="ghost"
                size="sm"
                className="text-danger"
                aria-label={t('profile.endNamed', { name: nameOf(session) })}
                busy={end.isPending && end.variables === session.id}
                onClick={() => end.mutate(session.id, { onSuccess: () => toast.success(t('profile.endedToast')) })}
              >
                {t('account.signOut')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <ConfirmDelete
        open={asking}
        onOpenChange={setAsking}
        title={t('profile.endOthersTitle')}
        consequence={t('profile.endOthersConsequence')}
        action={t('profile.endOthers')}
        onConfirm={async () => {
          await endOthers.mutateAsync();
          toast.success(t('profile.endedToast'));
        }}
      />
    </Card>
  );
}
