import { Link2 } from 'lucide-react';
import { useId, useState } from 'react';
import { asApiError } from '@/shared/api/errors';
import { t } from '@/shared/i18n';
import { Button } from '@/shared/ui/button';
import { CopyButton } from '@/shared/ui/copy-button';
import { Field, FormError } from '@/shared/ui/field';
import { Checkbox, Input, Select } from '@/shared/ui/input';
import { Time } from '@/shared/ui/time';
import { useLinkFile } from './api/link-file';

const times = ['300', '3600', '86400', '604800'] as const;

/** Makes links by which a file is read without signing in. */
export function LinkMaker({ path }: { path: string }) {
  const link = useLinkFile();
  const [seconds, setSeconds] = useState<(typeof times)[number]>('3600');
  const [inline, setInline] = useState(false);
  const title = useId();
  const failure = link.isError ? asApiError(link.error) : null;
  return (
    <section aria-labelledby={title} className="space-y-3 rounded-xl border px-4 py-3.5">
      <div>
        <h3 id={title} className="font-medium">
          {t('filesPage.link')}
        </h3>
        <p className="mt-0.5 text-[0.8125rem] text-muted">{t('filesPage.linkLead')}</p>
      </div>
      <FormError message={failure?.message} error={failure} />
      <div className="flex flex-wrap items-end gap-3">
        <Field label={t('filesPage.linkFor')} className="min-w-32 flex-1">
          {(control) => (
            <Select
              {...control}
              value={seconds}
              onChange={(event) => setSeconds(times.find((time) => time === event.target.value) ?? '3600')}
            >
              {times.map((time) => (
                <option key={time} value={time}>
                  {t(`filesPage.linkTimes.${time}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Button busy={link.isPending} onClick={() => link.mutate({ path, seconds: Number(seconds), inline })}>
          {!link.isPending && <Link2 aria-hidden />}
          {t('filesPage.linkMake')}
        </Button>
      </div>
      <label className="flex items-center gap-2.5">
        <Checkbox checked={inline} onChange={(event) => setInline(event.target.checked)} />
        {t('filesPage.linkInline')}
      </label>
      {link.data && (
        <div role="status">
          <div className="flex items-center gap-1">
            <Input
              readOnly
              aria-label={t('filesPage.linkResult')}
              className="font-mono text-xs"
              value={link.data.url}
              onFocus={(event) => event.target.select()}
            />
            <CopyButton text={link.data.url} label={t('filesPage.linkCopy')} className="size-9" />
          </div>
          <p className="mt-1.5 text-[0.8125rem] text-muted">
            {t('filesPage.linkUntil')} <Time value={link.data.expires_at} />
          </p>
        </div>
      )}
    </section>
  );
}
