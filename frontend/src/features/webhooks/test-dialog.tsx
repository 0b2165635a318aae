import { Send } from 'lucide-react';
import { useState } from 'react';
import { asApiError } from '@/shared/api/errors';
import type { Webhook, WebhookTest } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import { Badge } from '@/shared/ui/badge';
import { Button } from '@/shared/ui/button';
import { Dialog, DialogBody, DialogFooter } from '@/shared/ui/dialog';
import { FormError } from '@/shared/ui/field';
import { useTestWebhook } from './api/test-webhook';

/** Sends a made-up event to a webhook and shows the reply. */
export function TestDialog({ webhook, onClose }: { webhook: Webhook | null; onClose: () => void }) {
  // What was open stays in view while the dialog fades.
  const [shown, setShown] = useState(webhook);
  if (webhook && webhook !== shown) setShown(webhook);
  return (
    <Dialog
      open={webhook !== null}
      onOpenChange={(open) => !open && onClose()}
      title={t('webhooks.testTitle')}
      className="sm:max-w-xl"
    >
      {shown && <Trial key={shown.id} webhook={shown} onClose={onClose} />}
    </Dialog>
  );
}

function Trial({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const test = useTestWebhook();
  const failure = test.error ? asApiError(test.error) : null;
  return (
    <>
      <DialogBody>
        <p className="break-words">{t('webhooks.testHint', { url: webhook.url })}</p>
        <FormError message={failure?.message} error={failure} />
        {test.data && <Outcome result={test.data} />}
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>{t('common.close')}</Button>
        <Button variant="primary" busy={test.isPending} onClick={() => test.mutate(webhook.id)}>
          <Send aria-hidden />
          {t('webhooks.test')}
        </Button>
      </DialogFooter>
    </>
  );
}

function Outcome({ result }: { result: WebhookTest }) {
  const replied = result.status_code !== null;
  const verdict = result.success ? 'testPassed' : replied ? 'testRefused' : 'testFailed';
  return (
    <div role="status" className="rounded-lg border bg-subtle/50 px-3 py-2.5">
      <p className="flex flex-wrap items-center gap-3">
        {replied && (
          <Badge tone={result.success ? 'success' : 'danger'}>
            {t('webhooks.statusCode', { status: result.status_code ?? '' })}
          </Badge>
        )}
        {t(`webhooks.${verdict}`)}
      </p>
      {result.error && <p className="mt-1.5 break-words text-danger">{result.error}</p>}
      {replied && (
        <pre className="mt-2 max-h-60 overflow-y-auto font-mono text-xs leading-5 break-all whitespace-pre-wrap">
          {result.response_body || t('webhooks.emptyReply')}
        </pre>
      )}
    </div>
  );
}
