import { t } from '@/shared/i18n';
import { Badge } from '@/shared/ui/badge';
import type { Operation } from './operations';

/** What a request takes. */
export function ParameterList({ operation }: { operation: Operation }) {
  return (
    <section aria-labelledby="api-parameters">
      <h3 id="api-parameters" className="mb-2 font-medium">
        {t('apiDocs.parameters')}
      </h3>
      <dl className="divide-y rounded-lg border">
        {operation.parameters.map(({ name, place, text, required }) => (
          <div key={name} className="grid gap-x-4 gap-y-1 px-3 py-2 sm:grid-cols-[11rem_minmax(0,1fr)]">
            <dt className="flex flex-wrap items-center gap-1.5">
              <code className="font-mono text-[0.8125rem]">{name}</code>
              <span className="text-xs text-muted">{t(`apiDocs.places.${place}`)}</span>
              {required && <Badge tone="accent">{t('apiDocs.required')}</Badge>}
            </dt>
            <dd className="text-[0.8125rem] text-muted">
              {operation.id === 'realtime' && name === 'collections'
                ? t('apiDocs.realtimeCollections')
                : t(`apiDocs.parameter.${text}`)}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
