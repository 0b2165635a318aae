import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { ArrowRight, Database, List, Workflow } from 'lucide-react';
import { lazy, Suspense, useMemo } from 'react';
import { allSchemas } from '@/shared/collections/all-schemas';
import { t } from '@/shared/i18n';
import { Button } from '@/shared/ui/button';
import { Choice } from '@/shared/ui/choice';
import { Card, Page } from '@/shared/ui/page';
import { EmptyState, ErrorState, Skeleton } from '@/shared/ui/states';
import { type ReferenceGraph, referenceGraph } from './reference-graph';

const DiagramCanvas = lazy(() => import('./diagram-canvas'));
const route = getRouteApi('/frame/collections/diagram');

/** How collections refer to each other, as a picture and as a list. */
export function DiagramPage() {
  const { view = 'diagram' } = route.useSearch();
  const navigate = useNavigate({ from: '/collections/diagram' });
  const schemas = useQuery(allSchemas());
  const graph = useMemo(() => schemas.data && referenceGraph(schemas.data), [schemas.data]);
  const open = (name: string) => void navigate({ to: '/collections/$name/settings', params: { name } });
  return (
    <Page
      title={t('diagram.title')}
      description={t('diagram.lead')}
      heading={
        <>
          <nav aria-label={t('collections.path')} className="text-muted">
            <Link to="/collections" className="rounded hover:text-foreground hover:underline">
              {t('nav.collections')}
            </Link>
          </nav>
          <h1 className="mt-0.5 text-[1.375rem] leading-8 font-semibold">{t('diagram.title')}</h1>
        </>
      }
      actions={
        <fieldset>
          <legend className="sr-only">{t('diagram.view')}</legend>
          <Choice
            name="view"
            value={view}
            onChange={(next) =>
              void navigate({ search: { view: next === 'list' ? 'list' : undefined }, replace: true })
            }
            options={[
              { value: 'diagram', label: t('diagram.asDiagram'), icon: Workflow, iconClass: 'text-accent' },
              { value: 'list', label: t('diagram.asList'), icon: List, iconClass: 'text-accent' },
            ]}
          />
        </fieldset>
      }
    >
      {schemas.isError && (
        <Card>
          <ErrorState error={schemas.error} onRetry={() => void schemas.refetch()} />
        </Card>
      )}
      {schemas.isPending && <Pending />}
      {graph?.collections.length === 0 && (
        <Card>
          <EmptyState
            icon={Database}
            title={t('collections.emptyTitle')}
            actions={
              <Button asChild variant="primary">
                <Link to="/collections/new">{t('collections.createFirst')}</Link>
              </Button>
            }
          >
            {t('collections.empty')}
          </EmptyState>
        </Card>
      )}
      {graph && graph.collections.length > 0 && view === 'list' && <ReferenceList graph={graph} />}
      {graph && graph.collections.length > 0 && view === 'diagram' && (
        <Suspense fallback={<Pending />}>
          <Card className="h-[calc(100dvh-14rem)] min-h-96 max-sm:h-[calc(100dvh-18rem)] overflow-hidden">
            <DiagramCanvas key={schemas.dataUpdatedAt} graph={graph} onOpen={open} />
          </Card>
        </Suspense>
      )}
    </Page>
  );
}

function Pending() {
  return (
    <div role="status" aria-label={t('common.loading')}>
      <Skeleton className="h-[calc(100dvh-14rem)] min-h-96 max-sm:h-[calc(100dvh-18rem)] w-full rounded-xl" />
    </div>
  );
}

/** The same in words, for those who do not see or move the picture. */
function ReferenceList({ graph: { collections, references } }: { graph: ReferenceGraph }) {
  return (
    <Card className="max-w-4xl">
      <ul className="divide-y">
        {collections.map(({ name }) => {
          const out = references.filter(({ from }) => from === name);
          return (
            <li key={name} className="px-4 py-3">
              <Link to="/collections/$name/settings" params={{ name }} className="rounded font-medium hover:underline">
                {name}
              </Link>
              {out.length === 0 && <p className="text-[0.8125rem] text-muted">{t('diagram.none')}</p>}
              <ul className="mt-1 space-y-1 text-[0.8125rem]">
                {out.map(({ id, field, to, onDelete }) => (
                  <li key={id} className="flex flex-wrap items-center gap-x-2">
                    <code className="font-mono">{field}</code>
                    <ArrowRight className="size-3.5 text-muted" aria-label={t('diagram.leadsTo')} />
                    <span>{to}</span>
                    <span className="text-muted">
                      {t('diagram.whenDeleted')}{' '}
                      {onDelete === 'cascade' || onDelete === 'set_null'
                        ? t(`diagram.onDelete.${onDelete}`)
                        : t('diagram.onDelete.restrict')}
                    </span>
                  </li>
                ))}
              </ul>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
