import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { asApiError } from '@/shared/api/errors';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { useDebounced } from '@/shared/lib/use-debounced';
import { FormError } from '@/shared/ui/field';
import { Skeleton } from '@/shared/ui/states';
import { Tab, TabList, TabPanel, Tabs } from '@/shared/ui/tabs';
import { renderedTemplate } from './api/render-template';
import { type MailParts, sampleVariables } from './template-parts';

interface PreviewProps {
  type: string;
  parts: MailParts;
}

/** The mail as it will arrive, rendered by the server once typing pauses. */
export function Preview({ type, parts }: PreviewProps) {
  const [shown, setShown] = useState('html');
  const settled = useDebounced(JSON.stringify(parts), 400);
  const rendered = useQuery(
    renderedTemplate({ type, parts: JSON.parse(settled) as MailParts, variables: sampleVariables(type) }),
  );
  const failure = rendered.isError ? asApiError(rendered.error) : null;
  const mail = rendered.data;
  return (
    <section aria-label={t('mail.preview')} className="flex min-h-96 flex-col">
      <div className="mb-2 flex flex-wrap items-baseline gap-x-3">
        <h3 className="font-medium">{t('mail.preview')}</h3>
        <p className="text-[0.8125rem] text-muted">{t('mail.sampleHint')}</p>
      </div>
      <FormError message={failure && `${t('mail.previewFailed')}: ${failure.message}`} error={failure} />
      <div className={cn('flex flex-1 flex-col overflow-hidden rounded-xl border', failure && 'mt-3 opacity-60')}>
        {mail ? (
          <>
            <p className="border-b bg-subtle/60 px-4 py-2.5 font-medium break-words">{mail.subject}</p>
            <Tabs value={shown} onValueChange={setShown} className="flex flex-1 flex-col">
              <TabList className="px-2" aria-label={t('mail.preview')}>
                <Tab value="html">{t('mail.html')}</Tab>
                <Tab value="text">{t('mail.text')}</Tab>
              </TabList>
              <TabPanel value="html" tabIndex={-1} className="flex flex-1 flex-col not-data-[state=active]:hidden">
                {/* Without any right: no scripts, no forms, no way to this page. */}
                <iframe
                  title={t('mail.previewTitle')}
                  sandbox=""
                  srcDoc={mail.html_body}
                  className="min-h-72 w-full flex-1 bg-white"
                />
              </TabPanel>
              <TabPanel value="text">
                <pre className="p-4 font-mono text-xs break-words whitespace-pre-wrap">{mail.text_body}</pre>
              </TabPanel>
            </Tabs>
          </>
        ) : (
          !failure && <Skeleton className="m-4 h-64" />
        )}
      </div>
    </section>
  );
}
