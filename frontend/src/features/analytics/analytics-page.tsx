import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { ChartNoAxesCombined, Play, Table2 } from 'lucide-react';
import { useRef, useState } from 'react';
import { asApiError } from '@/shared/api/errors';
import type { Collection } from '@/shared/api/types';
import { collectionByName } from '@/shared/collections/get-collection-by-name';
import { FilterEditor } from '@/shared/filter/filter-editor';
import { t } from '@/shared/i18n';
import { useShortcut } from '@/shared/lib/shortcuts';
import { submitOnModEnter } from '@/shared/lib/submit-shortcut';
import { Button } from '@/shared/ui/button';
import { Card, Page } from '@/shared/ui/page';
import { EmptyState, ErrorState, Skeleton } from '@/shared/ui/states';
import { TableSkeleton } from '@/shared/ui/data-table';
import { aggregate, aggregateQuery } from './api/aggregate';
import { GroupBy } from './group-by';
import { HavingEditor } from './having-editor';
import { MeasureRows } from './measure-rows';
import { groupableFields, MOST_GROUPS, printMeasure, readGroups, readMeasures } from './measures';
import { ResultView } from './result-view';
import { useResultColumns } from './use-result-columns';

const route = getRouteApi('/frame/collections/$name/analytics');

/** Numbers over the records of a collection: counts, sums, averages, for each group. */
export function AnalyticsPage() {
  const { name } = route.useParams();
  const collection = useQuery(collectionByName(name));
  return (
    <Page
      title={t('analytics.titleOf', { name })}
      heading={
        <>
          <nav aria-label={t('collections.path')} className="flex items-center gap-1.5 text-muted">
            <Link to="/collections" className="rounded hover:text-foreground hover:underline">
              {t('nav.collections')}
            </Link>
            <span aria-hidden>/</span>
            <Link
              to="/collections/$name/records"
              params={{ name }}
              className="rounded hover:text-foreground hover:underline"
            >
              {name}
            </Link>
          </nav>
          <h1 className="mt-0.5 text-[1.375rem] leading-8 font-semibold">{t('analytics.title')}</h1>
        </>
      }
      actions={
        <Button asChild>
          <Link to="/collections/$name/records" params={{ name }}>
            <Table2 aria-hidden />
            {t('collections.openRecords')}
          </Link>
        </Button>
      }
    >
      {collection.isError && (
        <Card>
          <ErrorState error={collection.error} onRetry={() => void collection.refetch()} />
        </Card>
      )}
      {collection.isPending && (
        <div className="grid gap-4 lg:grid-cols-[23rem_minmax(0,1fr)]" role="status" aria-label={t('common.loading')}>
          <Skeleton className="h-96 rounded-xl" />
          <Skeleton className="h-96 rounded-xl" />
        </div>
      )}
      {collection.data && <Analysis key={name} collection={collection.data} />}
    </Page>
  );
}

function Analysis({ collection }: { collection: Collection }) {
  const { name, schema } = collection;
  const { filter = '', by = '', fn = '', having = '', view, sort } = route.useSearch();
  const navigate = useNavigate({ from: '/collections/$name/analytics' });
  const groups = readGroups(by);
  const measures = readMeasures(fn);
  const asked = measures.length > 0;
  const query = aggregateQuery({ functions: measures.map(printMeasure), groups, filter, having });
  const result = useQuery({ ...aggregate(name, query), enabled: asked });
  const rows = result.data?.results ?? [];
  const columns = useResultColumns(schema, groups, measures, rows);
  const refusal = result.isError ? asApiError(result.error) : null;
  const havingRefused = refusal?.status === 400 && /HAVING/.test(refusal.message) ? refusal : null;
  const filterRefused = refusal?.status === 400 && filter !== '' && !havingRefused ? refusal : null;
  const input = useRef<HTMLInputElement>(null);
  useShortcut('/', () => input.current?.focus());

  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[23rem_minmax(0,1fr)]">
      <Question
        collection={collection}
        busy={result.isFetching}
        refused={havingRefused?.message}
        onRun={(next) => {
          if (next.by === by && next.fn === fn && next.having === having) return void result.refetch();
          void navigate({
            search: (old) => ({
              ...old,
              by: next.by || undefined,
              fn: next.fn,
              having: next.having || undefined,
              sort: undefined,
              view: undefined,
            }),
          });
        }}
      />
      <Card className="min-w-0 overflow-hidden">
        <div className="border-b p-3">
          <FilterEditor
            ref={input}
            schema={schema}
            applied={filter}
            onApply={(next) => void navigate({ search: (old) => ({ ...old, filter: next || undefined }) })}
            error={filterRefused}
          />
        </div>
        {!asked && (
          <EmptyState icon={ChartNoAxesCombined} title={t('analytics.emptyTitle')}>
            {t('analytics.empty', { name })}
          </EmptyState>
        )}
        {asked && result.isPending && <TableSkeleton columns={columns.length} />}
        {refusal && !filterRefused && !havingRefused && (
          <ErrorState error={refusal} onRetry={() => void result.refetch()} />
        )}
        {asked && result.data && !refusal && (
          <ResultView
            collection={name}
            columns={columns}
            rows={rows}
            total={result.data.total_groups}
            stale={result.isPlaceholderData}
            view={view}
            onViewChange={(next) => void navigate({ search: (old) => ({ ...old, view: next }), replace: true })}
            sort={sort}
            onSortChange={(next) => void navigate({ search: (old) => ({ ...old, sort: next }), replace: true })}
          />
        )}
      </Card>
    </div>
  );
}

interface QuestionProps {
  collection: Collection;
  busy: boolean;
  /** Why the server refused the condition on results. */
  refused: string | undefined;
  onRun: (question: { by: string; fn: string; having: string }) => void;
}

/** What is to be computed; asked for when it is run. */
function Question({ collection: { schema }, busy, refused, onRun }: QuestionProps) {
  const { by = '', fn = 'count()', having: condition = '' } = route.useSearch();
  const [groups, setGroups] = useState(() => readGroups(by));
  const [measures, setMeasures] = useState(() => readMeasures(fn));
  const [having, setHaving] = useState(condition);
  // What the address asks for replaces what was being chosen.
  const asked = JSON.stringify([by, fn, condition]);
  const [seen, setSeen] = useState(asked);
  if (asked !== seen) {
    setSeen(asked);
    setGroups(readGroups(by));
    setMeasures(readMeasures(fn));
    setHaving(condition);
  }
  const submit = () => onRun({ by: groups.join(','), fn: measures.map(printMeasure).join(','), having: having.trim() });
  return (
    <Card className="lg:sticky lg:top-[4.5rem]">
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <form
        aria-label={t('analytics.question')}
        className="space-y-5 p-4"
        onKeyDown={submitOnModEnter}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <GroupBy available={groupableFields(schema)} chosen={groups} onChange={setGroups} most={MOST_GROUPS} />
        <MeasureRows schema={schema} measures={measures} onChange={setMeasures} />
        <HavingEditor text={having} onChange={setHaving} measures={measures} error={refused} />
        <Button type="submit" variant="primary" className="w-full" busy={busy}>
          {!busy && <Play aria-hidden />}
          {t('analytics.run')}
        </Button>
      </form>
    </Card>
  );
}
