import { Plug, Unplug } from 'lucide-react';
import { useId, useState } from 'react';
import { formatNumber, t } from '@/shared/i18n';
import { Badge } from '@/shared/ui/badge';
import { Button } from '@/shared/ui/button';
import { Choice } from '@/shared/ui/choice';
import { CopyButton } from '@/shared/ui/copy-button';
import { Checkbox, Switch } from '@/shared/ui/input';
import { Card } from '@/shared/ui/page';
import type { Inspector, InspectorState, Status } from './inspector';
import { clock } from './times';

const tones: Record<Status, 'neutral' | 'accent' | 'success' | 'danger'> = {
  closed: 'neutral',
  connecting: 'accent',
  open: 'success',
  waiting: 'danger',
};

/** How the connection is, and what there is to do with it. */
export function ConnectionCard({ inspector, state }: { inspector: Inspector; state: InspectorState }) {
  const { transport, status, since, lastHeartbeat, lastEventId, ending, received, keepsTrying } = state;
  const [resume, setResume] = useState(true);
  const id = useId();
  const idle = status === 'closed' || status === 'waiting';
  const facts = [
    { label: t('realtime.openSince'), value: since === null ? '–' : clock(since) },
    { label: t('realtime.lastHeartbeat'), value: lastHeartbeat === null ? '–' : clock(lastHeartbeat) },
    { label: t('realtime.received'), value: formatNumber(received) },
  ];
  return (
    <Card className="space-y-4 p-4">
      <div className="flex items-center justify-between gap-3">
        <h2 className="font-medium">{t('realtime.connection')}</h2>
        <span role="status">
          <Badge tone={tones[status]}>{t(`realtime.status.${status}`)}</Badge>
        </span>
      </div>
      <Choice
        name="transport"
        value={transport}
        onChange={(next) => inspector.setTransport(next)}
        options={[
          { value: 'websocket', label: t('realtime.websocket') },
          { value: 'sse', label: t('realtime.sse') },
        ]}
      />
      {ending !== null && (
        <p className="rounded-lg bg-danger-subtle px-3 py-2 text-[0.8125rem] text-danger" role="alert">
          {ending}
        </p>
      )}
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5 text-[0.8125rem]">
        {facts.map(({ label, value }) => (
          <div key={label} className="contents">
            <dt className="text-muted">{label}</dt>
            <dd className="text-right tabular-nums">{value}</dd>
          </div>
        ))}
        <dt className="self-center text-muted">{t('realtime.lastEventId')}</dt>
        <dd className="flex h-7 min-w-0 items-center justify-end gap-1">
          <code className="truncate font-mono text-xs" title={lastEventId ?? undefined}>
            {lastEventId ?? '–'}
          </code>
          {lastEventId !== null && <CopyButton text={lastEventId} label={t('realtime.copyEventId')} />}
        </dd>
      </dl>
      <div className="space-y-2 border-t pt-3">
        <label htmlFor={`${id}-keep`} className="flex items-center justify-between gap-3 text-[0.8125rem]">
          {t('realtime.keepTrying')}
          <Switch
            id={`${id}-keep`}
            checked={keepsTrying}
            onChange={(event) => inspector.setKeepsTrying(event.target.checked)}
          />
        </label>
        <label htmlFor={`${id}-resume`} className="flex items-center gap-2 text-[0.8125rem]">
          <Checkbox
            id={`${id}-resume`}
            checked={resume}
            disabled={lastEventId === null}
            onChange={(event) => setResume(event.target.checked)}
          />
          {t('realtime.resume')}
        </label>
      </div>
      <div className="flex gap-2">
        {idle ? (
          <Button
            variant="primary"
            className="flex-1"
            onClick={() => void inspector.connect(resume && lastEventId !== null)}
          >
            <Plug aria-hidden />
            {t('realtime.connect')}
          </Button>
        ) : (
          <Button className="flex-1" busy={status === 'connecting'} onClick={() => inspector.disconnect()}>
            {status !== 'connecting' && <Unplug aria-hidden />}
            {t('realtime.disconnect')}
          </Button>
        )}
        {transport === 'websocket' && (
          <Button disabled={status !== 'open'} onClick={() => inspector.send({ action: 'ping' })}>
            {t('realtime.ping')}
          </Button>
        )}
      </div>
    </Card>
  );
}
