import { Play } from 'lucide-react';
import { useState } from 'react';
import { asApiError } from '@/shared/api/errors';
import type { Macro } from '@/shared/api/types';
import { formatNumber, t } from '@/shared/i18n';
import { Button } from '@/shared/ui/button';
import { Field, FormError } from '@/shared/ui/field';
import { Input } from '@/shared/ui/input';
import { useTryMacro } from './api/try-macro';

/** Runs a macro with arguments of one's own and shows what it gives. */
export function MacroTrial({ macro }: { macro: Macro }) {
  const attempt = useTryMacro();
  const [values, setValues] = useState<Record<string, string>>({});
  const failure = attempt.isError ? asApiError(attempt.error) : null;
  const run = () => attempt.mutate({ id: macro.id, parameters: macro.parameters.map((name) => values[name] ?? '') });

  return (
    <section aria-labelledby="macro-trial" className="space-y-3 rounded-xl border bg-subtle/50 p-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div>
          <h3 id="macro-trial" className="font-medium">
            {t('macros.try')}
          </h3>
          <p className="text-[0.8125rem] text-muted">{t('macros.tryLead')}</p>
        </div>
        <Button size="sm" busy={attempt.isPending} onClick={run}>
          {!attempt.isPending && <Play aria-hidden />}
          {t('macros.run')}
        </Button>
      </div>
      {macro.parameters.length > 0 && (
        <div className="grid gap-3 sm:grid-cols-2">
          {macro.parameters.map((name) => (
            <Field key={name} label={<code className="font-mono text-[0.8125rem]">:{name}</code>}>
              {(control) => (
                <Input
                  {...control}
                  autoComplete="off"
                  value={values[name] ?? ''}
                  onChange={(event) => setValues({ ...values, [name]: event.target.value })}
                  onKeyDown={(event) => {
                    if (event.key !== 'Enter' || event.ctrlKey || event.metaKey) return;
                    // Without this, Enter would save the form around it.
                    event.preventDefault();
                    run();
                  }}
                />
              )}
            </Field>
          ))}
        </div>
      )}
      <FormError message={failure?.message} error={failure} />
      {attempt.data && (
        <div role="status" className="rounded-lg border bg-surface px-3 py-2.5">
          <p className="text-[0.8125rem] text-muted">
            {t('macros.result', { ms: formatNumber(attempt.data.execution_time) })}
          </p>
          <p className="mt-1 font-mono text-[0.8125rem] break-words whitespace-pre-wrap">
            {attempt.data.result ?? <span className="text-muted">{t('macros.nothing')}</span>}
          </p>
        </div>
      )}
    </section>
  );
}
