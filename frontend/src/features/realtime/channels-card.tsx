import { LogIn, LogOut, Megaphone, UserPen } from 'lucide-react';
import { useState } from 'react';
import { t, tn } from '@/shared/i18n';
import { Badge } from '@/shared/ui/badge';
import { Button } from '@/shared/ui/button';
import { Field } from '@/shared/ui/field';
import { Input } from '@/shared/ui/input';
import { Card } from '@/shared/ui/page';
import type { Channel, Inspector, InspectorState } from './inspector';

/** A JSON text's value; `fault` when it is none. */
function readJson(text: string): { value: unknown } | { fault: string } {
  if (text.trim() === '') return { value: null };
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    return { fault: t('records.badJson', { reason: error instanceof Error ? error.message : '' }) };
  }
}

/** Channels: who is there, and what they say to each other. Only by WebSocket. */
export function ChannelsCard({ inspector, state }: { inspector: Inspector; state: InspectorState }) {
  const [name, setName] = useState('');
  const [meta, setMeta] = useState('{"name": "Inspector"}');
  const parsed = readJson(meta);
  const fault = 'fault' in parsed ? parsed.fault : undefined;
  const open = state.status === 'open';
  return (
    <Card className="p-4">
      <h2 className="font-medium">{t('realtime.channels')}</h2>
      <p className="mt-0.5 text-[0.8125rem] text-pretty text-muted">{t('realtime.channelsLead')}</p>
      {state.channels.map((channel) => (
        <Joined key={channel.name} channel={channel} inspector={inspector} />
      ))}
      <form
        className="mt-3 space-y-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() === '' || 'fault' in parsed) return;
          inspector.send({ action: 'join', channel: name.trim(), meta: parsed.value ?? {} });
          setName('');
        }}
      >
        <Input
          aria-label={t('realtime.channel')}
          placeholder={t('realtime.channelPlaceholder')}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Field label={t('realtime.meta')} labelHidden error={fault}>
          {(props) => (
            <Input
              {...props}
              className="font-mono text-[0.8125rem]"
              placeholder={t('realtime.meta')}
              spellCheck={false}
              value={meta}
              onChange={(event) => setMeta(event.target.value)}
            />
          )}
        </Field>
        <Button type="submit" className="w-full" disabled={!open || name.trim() === '' || fault !== undefined}>
          <LogIn aria-hidden />
          {t('realtime.join')}
        </Button>
      </form>
    </Card>
  );
}

function Joined({ channel, inspector }: { channel: Channel; inspector: Inspector }) {
  const { name, members, own } = channel;
  const [event, setEvent] = useState('hello');
  const [payload, setPayload] = useState('{"text": "Hi"}');
  const parsed = readJson(payload);
  const fault = 'fault' in parsed ? parsed.fault : undefined;
  const value = 'fault' in parsed ? null : parsed.value;
  return (
    <section className="mt-3 rounded-lg border p-3" aria-label={t('realtime.channelOf', { name })}>
      <div className="flex items-center gap-2">
        <span className="min-w-0 flex-1 truncate font-mono text-[0.8125rem]">{name}</span>
        <Badge tone="success">{tn('realtime.members', members.length)}</Badge>
        <Button
          variant="ghost"
          size="icon-sm"
          className="text-muted"
          aria-label={t('realtime.leave', { name })}
          onClick={() => inspector.send({ action: 'leave', channel: name })}
        >
          <LogOut aria-hidden />
        </Button>
      </div>
      <ul className="mt-1 space-y-0.5 font-mono text-xs text-muted">
        {members.map((member) => (
          <li key={member.id} className="truncate" title={JSON.stringify(member.meta)}>
            {member.id === own ? t('realtime.you') : member.user.slice(0, 8)} {JSON.stringify(member.meta)}
          </li>
        ))}
      </ul>
      <form
        className="mt-2 space-y-2"
        onSubmit={(submitted) => {
          submitted.preventDefault();
          if (fault === undefined) inspector.send({ action: 'broadcast', channel: name, event, payload: value });
        }}
      >
        <div className="grid grid-cols-[7rem_minmax(0,1fr)] gap-2">
          <Input aria-label={t('realtime.event')} value={event} onChange={(change) => setEvent(change.target.value)} />
          <Field label={t('realtime.payload')} labelHidden error={fault}>
            {(props) => (
              <Input
                {...props}
                className="font-mono text-[0.8125rem]"
                spellCheck={false}
                value={payload}
                onChange={(change) => setPayload(change.target.value)}
              />
            )}
          </Field>
        </div>
        <div className="flex gap-2">
          <Button type="submit" size="sm" className="flex-1" disabled={event === '' || fault !== undefined}>
            <Megaphone aria-hidden />
            {t('realtime.broadcast')}
          </Button>
          <Button
            size="sm"
            className="flex-1"
            disabled={fault !== undefined}
            onClick={() => inspector.send({ action: 'presence', channel: name, meta: value ?? {} })}
          >
            <UserPen aria-hidden />
            {t('realtime.setPresence')}
          </Button>
        </div>
      </form>
    </section>
  );
}
