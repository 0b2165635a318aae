import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { t } from '@/shared/i18n';
import { Page } from '@/shared/ui/page';
import { ChannelsCard } from './channels-card';
import { ConnectionCard } from './connection-card';
import { EventLog } from './event-log';
import { SubscriptionsCard } from './subscriptions-card';
import { useInspector } from './use-inspector';

const route = getRouteApi('/frame/realtime');

/** The realtime API as it is on the wire, with the present session. */
export function RealtimePage() {
  const { collection = '', kind } = route.useSearch();
  const navigate = useNavigate({ from: '/realtime' });
  const { inspector, state } = useInspector();
  return (
    <Page title={t('realtime.title')} description={t('realtime.lead')}>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[21rem_minmax(0,1fr)]">
        <div className="space-y-4">
          <ConnectionCard inspector={inspector} state={state} />
          <SubscriptionsCard inspector={inspector} state={state} collection={collection} />
          {state.transport === 'websocket' && <ChannelsCard inspector={inspector} state={state} />}
        </div>
        <div className="lg:sticky lg:top-[4.5rem]">
          <EventLog
            entries={state.entries}
            kind={kind}
            onKindChange={(next) => void navigate({ search: (old) => ({ ...old, kind: next }), replace: true })}
            onClear={() => inspector.clear()}
          />
        </div>
      </div>
    </Page>
  );
}
