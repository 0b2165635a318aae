import { SendHorizontal } from 'lucide-react';
import { useState } from 'react';
import { asApiError } from '@/shared/api/errors';
import { formatBytes, formatNumber, t } from '@/shared/i18n';
import { submitOnModEnter } from '@/shared/lib/submit-shortcut';
import { Badge } from '@/shared/ui/badge';
import { Button } from '@/shared/ui/button';
import { ConfirmDelete } from '@/shared/ui/confirm-delete';
import { CopyButton } from '@/shared/ui/copy-button';
import { Field, FormError } from '@/shared/ui/field';
import { Input, Textarea } from '@/shared/ui/input';
import { type ConsoleReply, useSendRequest } from './api/send-request';
import { MethodBadge } from './method-badge';
import { addressOf, type Operation } from './operations';

interface RequestConsoleProps {
  collection: string;
  operation: Operation;
}

const pretty = (value: unknown) => (value === undefined ? '' : JSON.stringify(value, null, 2));

/** Why a text is no JSON; nothing when it is. */
function jsonFault(text: string): string | undefined {
  if (text.trim() === '') return undefined;
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return t('records.badJson', { reason: error instanceof Error ? error.message : '' });
  }
}

/** Sends the request with the present session, changed at will, and shows the reply. */
export function RequestConsole({ collection, operation }: RequestConsoleProps) {
  const { method } = operation;
  const [address, setAddress] = useState(() => addressOf(operation));
  const [body, setBody] = useState(() => pretty(operation.body));
  const [confirming, setConfirming] = useState(false);
  const send = useSendRequest(collection);
  const fault = operation.body === undefined ? undefined : jsonFault(body);
  const foreign = !/^\/api\//.test(address);

  return (
    <section aria-labelledby="api-console">
      <h3 id="api-console" className="font-medium">
        {t('apiDocs.console')}
      </h3>
      <p className="mt-0.5 mb-3 text-[0.8125rem] text-muted">
        {method === 'GET' ? t('apiDocs.consoleLead') : t('apiDocs.consoleChanges')}
      </p>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <form
        className="space-y-3"
        onKeyDown={submitOnModEnter}
        onSubmit={(event) => {
          event.preventDefault();
          if (fault || foreign) return;
          if (method === 'DELETE') setConfirming(true);
          else send.mutate({ method, address, body });
        }}
      >
        <Field label={t('apiDocs.address')} labelHidden error={foreign ? t('apiDocs.foreign') : undefined}>
          {(props) => (
            <div className="flex items-center gap-2">
              <MethodBadge method={method} />
              <Input
                {...props}
                className="font-mono text-[0.8125rem]"
                spellCheck={false}
                autoComplete="off"
                value={address}
                onChange={(event) => setAddress(event.target.value)}
              />
              <Button type="submit" variant={method === 'DELETE' ? 'danger' : 'primary'} busy={send.isPending}>
                {!send.isPending && <SendHorizontal aria-hidden />}
                {t('apiDocs.send')}
              </Button>
            </div>
          )}
        </Field>
        {operation.body !== undefined && (
          <Field label={t('apiDocs.body')} error={fault}>
            {(props) => (
              <Textarea
                {...props}
                rows={Math.min(16, body.split('\n').length + 1)}
                className="font-mono text-xs leading-5"
                spellCheck={false}
                value={body}
                onChange={(event) => setBody(event.target.value)}
              />
            )}
          </Field>
        )}
      </form>
      <div aria-live="polite" className="mt-4">
        {send.isError && <FormError message={asApiError(send.error).message} />}
        {send.data && <Reply reply={send.data} />}
      </div>
      <ConfirmDelete
        open={confirming}
        onOpenChange={setConfirming}
        title={t('records.deleteTitle')}
        consequence={t('apiDocs.deleteConsequence', { address })}
        action={t('records.delete')}
        onConfirm={async () => {
          await send.mutateAsync({ method, address, body: '' });
        }}
      />
    </section>
  );
}

function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

function Reply({ reply }: { reply: ConsoleReply }) {
  const { status, statusText, took, headers } = reply;
  const body = readable(reply.body);
  return (
    <div className="overflow-hidden rounded-lg border">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b bg-subtle/60 py-1.5 pr-2 pl-3">
        <Badge tone={status < 400 ? 'success' : 'danger'}>
          {status} {statusText}
        </Badge>
        <span className="text-[0.8125rem] text-muted tabular-nums">
          {t('apiDocs.facts', {
            time: formatNumber(Math.round(took)),
            size: formatBytes(new TextEncoder().encode(reply.body).length),
          })}
        </span>
        <span className="flex-1" />
        <CopyButton text={body} label={t('apiDocs.copyBody')} />
      </div>
      <details className="border-b">
        <summary className="cursor-pointer px-3 py-2 text-[0.8125rem] font-medium">{t('apiDocs.headers')}</summary>
        <dl className="px-3 pb-3 font-mono text-xs leading-5">
          {headers.map(([name, value]) => (
            <div key={name} className="break-all">
              <dt className="inline text-muted">{name}: </dt>
              <dd className="inline">{value}</dd>
            </div>
          ))}
        </dl>
      </details>
      {body === '' ? (
        <p className="px-3 py-2.5 text-[0.8125rem] text-muted">{t('apiDocs.noBody')}</p>
      ) : (
        <pre
          // A box that scrolls must be reachable by keyboard.
          // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          tabIndex={0}
          className="max-h-96 overflow-auto p-3 font-mono text-xs leading-5 -outline-offset-2"
        >
          {body}
        </pre>
      )}
    </div>
  );
}
