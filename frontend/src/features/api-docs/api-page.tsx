import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { BookOpenText, Braces, RadioTower } from 'lucide-react';
import { useSession } from '@/shared/api/session';
import type { Collection } from '@/shared/api/types';
import { collectionByName } from '@/shared/collections/get-collection-by-name';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { Button } from '@/shared/ui/button';
import { CopyButton } from '@/shared/ui/copy-button';
import { Select } from '@/shared/ui/input';
import { Card, Page } from '@/shared/ui/page';
import { ErrorState, Skeleton } from '@/shared/ui/states';
import { sampleRecord } from './api/sample-record';
import { MethodBadge } from './method-badge';
import { addressOf, type ApiContext, operation, type OperationId, operationIds } from './operations';
import { ParameterList } from './parameter-list';
import { RequestConsole } from './request-console';
import { SnippetBox } from './snippet-box';

const route = getRouteApi('/frame/collections/$name/api');

/** How programs reach the records of a collection, with its real names and ids. */
export function ApiPage() {
  const { name } = route.useParams();
  const collection = useQuery(collectionByName(name));
  const record = useQuery({ ...sampleRecord(name), enabled: collection.isSuccess });
  return (
    <Page
      title={t('apiDocs.titleOf', { name })}
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
          <h1 className="mt-0.5 text-[1.375rem] leading-8 font-semibold">{t('apiDocs.title')}</h1>
        </>
      }
      actions={
        <>
          <Button asChild>
            <a href="/docs/" target="_blank" rel="noopener noreferrer">
              <BookOpenText aria-hidden />
              {t('apiDocs.reference')}
            </a>
          </Button>
          <Button asChild>
            <a href="/openapi.json" target="_blank" rel="noopener noreferrer">
              <Braces aria-hidden />
              {t('apiDocs.openapi')}
            </a>
          </Button>
        </>
      }
    >
      {collection.isError && (
        <Card>
          <ErrorState error={collection.error} onRetry={() => void collection.refetch()} />
        </Card>
      )}
      {!collection.isError && (!collection.data || record.isPending) && (
        <div className="grid gap-4 lg:grid-cols-[13rem_minmax(0,1fr)]" role="status" aria-label={t('common.loading')}>
          <Skeleton className="h-80 rounded-xl max-lg:hidden" />
          <Skeleton className="h-[32rem] rounded-xl" />
        </div>
      )}
      {collection.data && !record.isPending && (
        <Documentation collection={collection.data} record={record.data ?? undefined} />
      )}
    </Page>
  );
}

function Documentation({ collection, record }: { collection: Collection; record: ApiContext['record'] }) {
  const { op = 'list', lang = 'curl' } = route.useSearch();
  const navigate = useNavigate({ from: '/collections/$name/api' });
  const session = useSession();
  const context: ApiContext = {
    base: window.location.origin,
    collection: collection.name,
    schema: collection.schema,
    record,
    account: session?.account.slug ?? '',
    email: session?.user.email ?? '',
  };
  const shown = operation(op, context);
  const choose = (next: OperationId) => void navigate({ search: (old) => ({ ...old, op: next }), replace: true });

  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[13rem_minmax(0,1fr)]">
      <Select
        className="lg:hidden"
        aria-label={t('apiDocs.operations')}
        value={op}
        onChange={(event) => choose(event.target.value as OperationId)}
      >
        {operationIds.map((id) => (
          <option key={id} value={id}>
            {t(`apiDocs.operation.${id}`)}
          </option>
        ))}
      </Select>
      <nav aria-label={t('apiDocs.operations')} className="hidden lg:sticky lg:top-[4.5rem] lg:block">
        <ul className="space-y-0.5">
          {operationIds.map((id) => (
            <li key={id}>
              <Link
                from="/collections/$name/api"
                search={(old) => ({ ...old, op: id })}
                replace
                aria-current={id === op ? 'page' : undefined}
                className={cn(
                  'flex h-9 items-center gap-2 rounded-lg px-2.5',
                  id === op
                    ? 'bg-surface font-medium shadow-card ring-1 ring-border'
                    : 'text-muted hover:bg-hover hover:text-foreground',
                )}
              >
                <span className="flex-1 truncate">{t(`apiDocs.operation.${id}`)}</span>
                <MethodBadge method={operation(id, context).method} className="h-5 px-1 text-[0.625rem]" />
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <Card className="min-w-0 space-y-6 p-4 sm:p-5">
        <header>
          <h2 className="text-base font-semibold">{t(`apiDocs.operation.${op}`)}</h2>
          <p className="mt-1 max-w-3xl text-pretty text-muted">{t(`apiDocs.about.${op}`, { name: collection.name })}</p>
          <div className="mt-3 flex items-start gap-2 rounded-lg border bg-subtle/50 py-1.5 pr-1.5 pl-2">
            <MethodBadge method={shown.method} className="mt-0.5" />
            <code className="min-w-0 flex-1 self-center font-mono text-[0.8125rem] break-all">{shown.path}</code>
            <CopyButton text={context.base + addressOf(shown)} label={t('apiDocs.copyAddress')} />
          </div>
        </header>
        <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-6 2xl:grid-cols-2">
          <SnippetBox
            operation={shown}
            context={context}
            language={lang}
            onLanguageChange={(next) => void navigate({ search: (old) => ({ ...old, lang: next }), replace: true })}
          />
          <ParameterList operation={shown} />
        </div>
        {shown.sendable && <RequestConsole key={op} collection={collection.name} operation={shown} />}
        {op === 'realtime' && (
          <Button asChild>
            <Link to="/realtime" search={{ collection: collection.name }}>
              <RadioTower aria-hidden />
              {t('apiDocs.inspect')}
            </Link>
          </Button>
        )}
      </Card>
    </div>
  );
}
