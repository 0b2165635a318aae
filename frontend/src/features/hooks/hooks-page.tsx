import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Plus, RotateCw, Workflow } from 'lucide-react';
import { useMemo, useState } from 'react';
import { toast } from 'sonner';
import type { Hook } from '@/shared/api/types';
import { AccountNote } from '@/shared/automation/account-note';
import { useActingAccount } from '@/shared/automation/acting-account';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { readWord, unlessDefault } from '@/shared/lib/list-search';
import { useShortcut } from '@/shared/lib/shortcuts';
import { Button } from '@/shared/ui/button';
import { ConfirmDelete } from '@/shared/ui/confirm-delete';
import { DataTable, moveBetweenRows, TableSkeleton } from '@/shared/ui/data-table';
import { Select } from '@/shared/ui/input';
import { Card, Page } from '@/shared/ui/page';
import { Pagination } from '@/shared/ui/pagination';
import { EmptyState, ErrorState } from '@/shared/ui/states';
import { useDeleteHook } from './api/delete-hook';
import { hookList } from './api/list-hooks';
import { hookColumns } from './hook-columns';
import { triggerTypes } from './hook-draft';
import { HookDrawer } from './hook-drawer';
import { TriggerDialog } from './trigger-dialog';

const route = getRouteApi('/frame/hooks');
const DEFAULT_SIZE = 25;
const REFRESH_MS = 10_000;

/** What an account does by itself on events, by a schedule or by hand. */
export function HooksPage() {
  const { page = 1, size = DEFAULT_SIZE, trigger, state, hook, tab, at = 1 } = route.useSearch();
  const navigate = useNavigate({ from: '/hooks' });
  const account = useActingAccount();
  const enabled = state && state === 'on';
  const list = useQuery({ ...hookList(account, { page, size, trigger, enabled }), refetchInterval: REFRESH_MS });
  const remove = useDeleteHook();
  const [doomed, setDoomed] = useState<Hook | null>(null);
  const [run, setRun] = useState<Hook | null>(null);
  const open = (id: string | undefined) =>
    void navigate({ search: (old) => ({ ...old, hook: id, tab: undefined, at: undefined }) });
  useShortcut('n', () => open('new'));
  // The table needs stable columns; `open` does the same in every render.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const columns = useMemo(() => hookColumns({ open, run: setRun, remove: setDoomed }), []);
  const filtered = trigger !== undefined || state !== undefined;
  const create = (
    <Button variant="primary" onClick={() => open('new')}>
      <Plus aria-hidden />
      {t('hooks.new')}
    </Button>
  );

  return (
    <Page
      title={t('nav.hooks')}
      description={
        <>
          {t('hooks.lead')}
          <AccountNote />
        </>
      }
      actions={create}
    >
      <Card className="overflow-hidden">
        <div className="flex flex-wrap items-center gap-2 border-b p-3">
          <Select
            className="max-sm:flex-1 sm:w-48"
            aria-label={t('hooks.trigger')}
            value={trigger ?? ''}
            onChange={({ target }) =>
              void navigate({
                search: (old) => ({ ...old, trigger: readWord(target.value, triggerTypes), page: undefined }),
              })
            }
          >
            <option value="">{t('hooks.allTriggers')}</option>
            {triggerTypes.map((type) => (
              <option key={type} value={type}>
                {t(`hooks.triggers.${type}`)}
              </option>
            ))}
          </Select>
          <Select
            className="max-sm:flex-1 sm:w-48"
            aria-label={t('hooks.state')}
            value={state ?? ''}
            onChange={({ target }) =>
              void navigate({
                search: (old) => ({ ...old, state: readWord(target.value, ['on', 'off']), page: undefined }),
              })
            }
          >
            <option value="">{t('hooks.onAndOff')}</option>
            <option value="on">{t('hooks.on')}</option>
            <option value="off">{t('hooks.off')}</option>
          </Select>
          <Button
            variant="ghost"
            size="icon"
            className="ml-auto"
            aria-label={t('common.refresh')}
            onClick={() => void list.refetch()}
          >
            <RotateCw className={cn(list.isFetching && 'animate-spin')} aria-hidden />
          </Button>
        </div>
        {list.isPending && <TableSkeleton columns={4} />}
        {!list.data && list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
        {list.data && (
          // Arrow keys are a shortcut beside Tab, which reaches every row as well.
          // eslint-disable-next-line jsx-a11y/no-static-element-interactions
          <div onKeyDown={moveBetweenRows}>
            <DataTable
              boxed
              label={t('nav.hooks')}
              columns={columns}
              rows={list.data.items}
              rowId={(row) => row.id}
              openRowId={hook}
              stale={list.isPlaceholderData}
              onOpenRow={(row) => open(row.id)}
              empty={
                filtered ? (
                  <EmptyState
                    icon={Workflow}
                    title={t('table.noMatchTitle')}
                    actions={<Button onClick={() => void navigate({ search: {} })}>{t('common.clearFilters')}</Button>}
                  >
                    {t('table.noFilterMatch')}
                  </EmptyState>
                ) : (
                  <EmptyState icon={Workflow} title={t('hooks.emptyTitle')} actions={create}>
                    {t('hooks.empty')}
                  </EmptyState>
                )
              }
            />
            <Pagination
              page={page}
              size={size}
              total={list.data.total}
              onChange={(next) =>
                void navigate({
                  search: (old) => ({
                    ...old,
                    page: unlessDefault(next.page, 1),
                    size: unlessDefault(next.size, DEFAULT_SIZE),
                  }),
                })
              }
            />
          </div>
        )}
      </Card>
      <HookDrawer
        open={hook}
        tab={tab}
        page={at}
        onTab={(next) =>
          void navigate({ search: (old) => ({ ...old, tab: next, at: undefined }), ignoreBlocker: true })
        }
        onPage={(next) =>
          void navigate({ search: (old) => ({ ...old, at: unlessDefault(next, 1) }), ignoreBlocker: true })
        }
        onOpen={open}
        onRun={setRun}
        onDelete={setDoomed}
        onClose={() => open(undefined)}
      />
      <TriggerDialog hook={run} onClose={() => setRun(null)} />
      <ConfirmDelete
        open={doomed !== null}
        onOpenChange={(next) => !next && setDoomed(null)}
        title={t('hooks.deleteTitle', { name: doomed?.name ?? '' })}
        consequence={t('hooks.deleteConsequence')}
        action={t('hooks.delete')}
        onConfirm={async () => {
          if (!doomed) return;
          await remove.mutateAsync(doomed.id);
          toast.success(t('hooks.deletedToast', { name: doomed.name }));
          await navigate({ search: (old) => ({ ...old, hook: undefined, tab: undefined }), ignoreBlocker: true });
        }}
      />
    </Page>
  );
}
