import { useInfiniteQuery } from '@tanstack/react-query';
import { ArrowRight, History, KeyRound, LockKeyhole, RotateCcw } from 'lucide-react';
import { asApiError } from '@/shared/api/errors';
import { Diff } from '@/shared/audit/diff';
import { rowEntries } from '@/shared/audit/list-row-entries';
import { OperationBadge } from '@/shared/audit/operation-badge';
import { type ColumnChange, type RowChange, rowChanges } from '@/shared/audit/row-changes';
import { t } from '@/shared/i18n';
import { Badge } from '@/shared/ui/badge';
import { Button } from '@/shared/ui/button';
import { DialogBody } from '@/shared/ui/dialog';
import { EmptyState, ErrorState, Skeleton } from '@/shared/ui/states';
import { Time } from '@/shared/ui/time';

interface RecordHistoryProps {
  /** The record's table, as the audit log names it. */
  table: string;
  record: string;
  /** Whether the column's value can be entered; absent where nothing can. */
  canRestore?: (column: string) => boolean;
  onRestore?: (column: string, value: string | null) => void;
}

/** What was done to a record, by whom and when, from the audit log. */
export function RecordHistory({ table, record, ...restoring }: RecordHistoryProps) {
  const log = useInfiniteQuery(rowEntries(table, record));
  if (log.isError) {
    return asApiError(log.error).status === 403 ? (
      <EmptyState icon={LockKeyhole} title={t('recordHistory.forbiddenTitle')}>
        {t('recordHistory.forbidden')}
      </EmptyState>
    ) : (
      <ErrorState error={log.error} onRetry={() => void log.refetch()} />
    );
  }
  if (!log.data) {
    return (
      <DialogBody role="status" aria-label={t('common.loading')}>
        {[0, 1, 2].map((index) => (
          <div key={index} className="space-y-2.5">
            <Skeleton className="h-5 w-56" />
            <Skeleton className="h-16 w-full" />
          </div>
        ))}
      </DialogBody>
    );
  }
  const changes = rowChanges(log.data.pages.flatMap(({ items }) => items));
  const off = log.data.pages.some(({ audit_logging_enabled }) => !audit_logging_enabled);
  return (
    <DialogBody>
      {off && (
        <p role="status" className="rounded-xl bg-accent-subtle px-4 py-3 text-accent">
          {t('audit.disabled')}
        </p>
      )}
      {changes.length === 0 && (
        <EmptyState icon={History} title={t('recordHistory.emptyTitle')}>
          {t('recordHistory.empty')}
        </EmptyState>
      )}
      <ol className="space-y-6">
        {changes.map((change) => (
          <Change key={change.id} change={change} {...restoring} />
        ))}
      </ol>
      {log.hasNextPage && (
        <Button className="w-full" busy={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
          {t('recordHistory.older')}
        </Button>
      )}
    </DialogBody>
  );
}

/** Columns that say nothing beside the change they come with. */
const unsaid = new Set(['id', 'account_id', 'created_at', 'created_by', 'updated_at', 'updated_by']);

function Change({
  change,
  ...restoring
}: { change: RowChange } & Pick<RecordHistoryProps, 'canRestore' | 'onRestore'>) {
  const columns = change.columns.filter(
    ({ column, before, after }) => !unsaid.has(column) && (before !== null || after !== null),
  );
  return (
    <li>
      <div className="mb-2 flex flex-wrap items-center gap-x-2.5 gap-y-1">
        <OperationBadge operation={change.operation} />
        <span className="min-w-0 font-medium break-all">{change.by}</span>
        {change.byKey && (
          <Badge>
            <KeyRound aria-hidden />
            {t('recordHistory.byKey')}
          </Badge>
        )}
        <Time value={change.at} className="text-[0.8125rem] text-muted sm:ml-auto" />
      </div>
      {columns.length === 0 ? (
        <p className="text-[0.8125rem] text-muted">{t('recordHistory.noFields')}</p>
      ) : (
        <ul className="divide-y rounded-xl border bg-subtle/50">
          {columns.map((column) => (
            <Column key={column.column} change={column} operation={change.operation} {...restoring} />
          ))}
        </ul>
      )}
    </li>
  );
}

/** Values of more characters or lines are compared line by line. */
const SHORT = 80;
const isShort = (value: string | null) => value === null || (value.length <= SHORT && !/[\n{[]/.test(value));

function Column({
  change: { column, before, after },
  operation,
  canRestore,
  onRestore,
}: { change: ColumnChange; operation: string } & Pick<RecordHistoryProps, 'canRestore' | 'onRestore'>) {
  // A change is undone, a creation is gone back to.
  const value = operation === 'CREATE' ? after : before;
  return (
    <li className="flex items-start gap-2 py-2 pr-2 pl-3.5">
      <div className="min-w-0 flex-1">
        <p className="text-[0.8125rem] font-medium">{column}</p>
        <div className="mt-1">
          {isShort(before) && isShort(after) ? (
            <Values before={before} after={after} created={operation === 'CREATE'} />
          ) : (
            <Diff before={before} after={after} label={t('recordHistory.changeOf', { name: column })} />
          )}
        </div>
      </div>
      {onRestore && canRestore?.(column) && (
        <Button
          variant="ghost"
          size="icon-sm"
          aria-label={t('recordHistory.restore', { name: column })}
          title={t('recordHistory.restoreTitle')}
          onClick={() => onRestore(column, value)}
        >
          <RotateCcw aria-hidden />
        </Button>
      )}
    </li>
  );
}

function Values({ before, after, created }: { before: string | null; after: string | null; created: boolean }) {
  const said = (value: string | null) => (value === null ? t('recordHistory.noValue') : value || t('audit.emptyText'));
  return (
    <span className="flex flex-wrap items-center gap-x-2 gap-y-1 font-mono text-xs leading-5">
      {!created && (
        <>
          <del className="min-w-0 rounded bg-danger-subtle px-1.5 break-words text-danger no-underline">
            <span className="sr-only">{t('audit.removed')}</span>
            {said(before)}
          </del>
          <ArrowRight className="size-3.5 shrink-0 text-muted" aria-hidden />
        </>
      )}
      <ins className="min-w-0 rounded bg-success-subtle px-1.5 break-words text-success no-underline">
        <span className="sr-only">{t('audit.added')}</span>
        {said(after)}
      </ins>
    </span>
  );
}
