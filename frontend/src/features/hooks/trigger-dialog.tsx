import { Link } from '@tanstack/react-router';
import { Play } from 'lucide-react';
import { useState } from 'react';
import { isSuperadmin, useCaller } from '@/shared/api/audience';
import { asApiError } from '@/shared/api/errors';
import type { Hook, HookRun } from '@/shared/api/types';
import { readObject } from '@/shared/automation/json-object';
import { t, tn } from '@/shared/i18n';
import { Button } from '@/shared/ui/button';
import { Dialog, DialogBody, DialogFooter } from '@/shared/ui/dialog';
import { Field, FormError } from '@/shared/ui/field';
import { JsonControl } from '@/shared/ui/json-control';
import { useTriggerHook } from './api/trigger-hook';
import { RunState } from './execution-list';

/** Sets a hook off by hand and tells how it ended. */
export function TriggerDialog({ hook, onClose }: { hook: Hook | null; onClose: () => void }) {
  // What was open stays in view while the dialog fades.
  const [shown, setShown] = useState(hook);
  if (hook && hook !== shown) setShown(hook);
  return (
    <Dialog
      open={hook !== null}
      onOpenChange={(open) => !open && onClose()}
      title={t('hooks.runTitle', { name: shown?.name ?? '' })}
      className="sm:max-w-xl"
    >
      {shown && <TriggerForm key={shown.id} hook={shown} onClose={onClose} />}
    </Dialog>
  );
}

function TriggerForm({ hook, onClose }: { hook: Hook; onClose: () => void }) {
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState(false);
  const run = useTriggerHook();
  const scheduled = hook.trigger.type === 'schedule';
  const failure = run.error ? asApiError(run.error) : null;
  const submit = () => {
    const record = readObject(text);
    setWrong(record === undefined);
    if (record) run.mutate({ id: hook.id, record });
  };
  return (
    <>
      <DialogBody>
        <p>{t(scheduled ? 'hooks.runScheduleHint' : 'hooks.runHint')}</p>
        <FormError message={failure?.message} error={failure} />
        {!scheduled && (
          <Field
            label={t('hooks.record')}
            hint={t('hooks.recordHint')}
            error={wrong ? t('hooks.needsObject') : undefined}
          >
            {(control) => (
              <JsonControl
                value={text}
                onChange={(next) => {
                  setText(next);
                  setWrong(false);
                }}
                label={t('hooks.record')}
                control={control}
              />
            )}
          </Field>
        )}
        {run.data && <Outcome run={run.data} />}
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>{t('common.close')}</Button>
        <Button variant="primary" busy={run.isPending} onClick={submit}>
          <Play aria-hidden />
          {t('hooks.run')}
        </Button>
      </DialogFooter>
    </>
  );
}

function Outcome({ run }: { run: HookRun }) {
  const administers = isSuperadmin(useCaller());
  if ('job_id' in run) {
    return (
      <p role="status" className="rounded-lg bg-info-subtle px-3 py-2.5 text-info">
        {t('hooks.enqueued')}{' '}
        {administers && (
          <Link to="/jobs" search={{ job: run.job_id }} className="rounded font-medium underline underline-offset-4">
            {t('hooks.seeJob')}
          </Link>
        )}
      </p>
    );
  }
  return (
    <div role="status" className="rounded-lg border bg-subtle/50 px-3 py-2.5">
      <p className="flex items-center gap-3">
        <RunState status={run.status} />
        {tn('hooks.actionsDone', run.actions_executed)}
      </p>
      {run.error && <p className="mt-1.5 break-words text-danger">{run.error}</p>}
    </div>
  );
}
