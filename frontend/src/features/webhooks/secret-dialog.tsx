import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { t } from '@/shared/i18n';
import { Button } from '@/shared/ui/button';
import { CopyButton } from '@/shared/ui/copy-button';
import { Dialog, DialogBody, DialogFooter } from '@/shared/ui/dialog';
import { Field } from '@/shared/ui/field';
import { Input } from '@/shared/ui/input';
import { verification } from './webhook-draft';

/** Shows a new secret, once. */
export function SecretDialog({ secret, onClose }: { secret: string | null; onClose: () => void }) {
  // What was open stays in view while the dialog fades.
  const [shown, setShown] = useState(secret);
  if (secret !== null && secret !== shown) setShown(secret);
  return (
    <Dialog
      open={secret !== null}
      onOpenChange={(open) => !open && onClose()}
      title={t('webhooks.shownOnceTitle')}
      className="sm:max-w-2xl"
    >
      <DialogBody>
        <p role="status" className="flex gap-2.5 rounded-lg bg-accent-subtle px-3 py-2.5 text-accent">
          <TriangleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
          {t('webhooks.shownOnce')}
        </p>
        <Field label={t('webhooks.secret')}>
          {(control) => (
            <span className="flex items-center gap-2">
              <Input
                {...control}
                readOnly
                autoFocus
                className="font-mono text-[0.8125rem]"
                value={shown ?? ''}
                onFocus={(event) => event.target.select()}
              />
              <CopyButton className="size-9 border bg-surface" text={shown ?? ''} label={t('webhooks.copySecret')} />
            </span>
          )}
        </Field>
        <div>
          <div className="mb-1.5 flex items-center justify-between gap-2">
            <p className="font-medium">{t('webhooks.verify')}</p>
            <CopyButton text={verification} label={t('webhooks.copyVerify')} />
          </div>
          <pre className="rounded-lg border bg-subtle/60 px-3 py-2.5 font-mono text-xs leading-5 break-words whitespace-pre-wrap">
            {verification}
          </pre>
        </div>
      </DialogBody>
      <DialogFooter>
        <Button
          variant="primary"
          onClick={() => {
            onClose();
            setShown(null);
          }}
        >
          {t('common.done')}
        </Button>
      </DialogFooter>
    </Dialog>
  );
}
