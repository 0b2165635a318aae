import { useQuery } from '@tanstack/react-query';
import { History } from 'lucide-react';
import type { HookExecution } from '@/shared/api/types';
import { useActingAccount } from '@/shared/automation/acting-account';
import { type MessageKey, t, tn } from '@/shared/i18n';
import { Badge } from '@/shared/ui/badge';
import { DialogBody } from '@/shared/ui/dialog';
import { Pagination } from '@/shared/ui/pagination';
import { EmptyState, ErrorState, Skeleton } from '@/shared/ui/states';
import { Time } from '@/shared/ui/time';
import { executionList } from './api/list-executions';

const REFRESH_MS = 5000;
const SIZE = 25;

const tones = { success: 'success', partial: 'info', failed: 'danger' } as const;
const statuses: Record<keyof typeof tones, MessageKey> = {
  success: 'hooks.statuses.success',
  partial: 'hooks.statuses.partial',
  failed: 'hooks.statuses.failed',
};

/** How a run ended. */
export function RunState({ status }: { status: string }) {
  const known = (['success', 'partial', 'failed'] as const).find((word) => word === status);
  return known ? <Badge tone={tones[known]}>{t(statuses[known])}</Badge> : <Badge>{status}</Badge>;
}

const causes: Record<string, MessageKey> = {
  event: 'hooks.triggers.event',
  schedule: 'hooks.triggers.schedule',
  manual: 'hooks.triggers.manual',
};

function cause(type: string): string {
  const key = causes[type];
  return key ? t(key) : type;
}

interface ExecutionListProps {
  hookId: string;
  page: number;
  onPage: (page: number) => void;
}

/** What became of a hook's runs, the newest first; read anew by itself. */
export function ExecutionList({ hookId, page, onPage }: ExecutionListProps) {
  const account = useActingAccount();
  const list = useQuery({ ...executionList(account, hookId, { page, size: SIZE }), refetchInterval: REFRESH_MS });
  if (!list.data && list.isError) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  if (!list.data) {
    return (
      <DialogBody role="status" aria-label={t('common.loading')}>
        <Skeleton className="h-16 w-full" />
        <Skeleton className="h-16 w-full" />
      </DialogBody>
    );
  }
  if (list.data.total === 0) {
    return (
      <EmptyState icon={History} title={t('hooks.noRunsTitle')}>
        {t('hooks.noRuns')}
      </EmptyState>
    );
  }
  return (
    <>
      <DialogBody role="group" aria-label={t('hooks.runs')} tabIndex={0} className="p-0">
        <ul className="divide-y">
          {list.data.items.map((run) => (
            <Execution key={run.id} run={run} />
          ))}
        </ul>
      </DialogBody>
      {list.data.total > SIZE && (
        <Pagination page={page} size={SIZE} total={list.data.total} onChange={(next) => onPage(next.page)} />
      )}
    </>
  );
}

function Execution({ run }: { run: HookExecution }) {
  return (
    <li className="px-5 py-3.5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <RunState status={run.status} />
        <Time value={run.executed_at} className="font-medium" />
        <span className="text-muted">{cause(run.trigger_type)}</span>
        <span className="ml-auto text-muted tabular-nums">
          {tn('hooks.actionsDone', run.actions_executed)} · {t('hooks.milliseconds', { count: run.duration_ms })}
        </span>
      </div>
      {run.error_message && <p className="mt-1.5 break-words whitespace-pre-wrap text-danger">{run.error_message}</p>}
      <details className="mt-1.5">
        <summary className="w-fit cursor-pointer rounded text-[0.8125rem] text-muted hover:text-foreground">
          {t('hooks.context')}
        </summary>
        <pre className="mt-1.5 rounded-lg border bg-subtle/50 px-3 py-2.5 font-mono text-xs leading-5 break-all whitespace-pre-wrap">
          {JSON.stringify(run.execution_context, null, 2)}
        </pre>
      </details>
    </li>
  );
}
