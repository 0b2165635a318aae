import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { MoreHorizontal, Pencil, Plus, SearchX, SquareFunction, Trash2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import { toast } from 'sonner';
import type { Macro } from '@/shared/api/types';
import { allSchemas } from '@/shared/collections/all-schemas';
import { t, tn } from '@/shared/i18n';
import { matching, sorted } from '@/shared/lib/search-rows';
import { unlessDefault } from '@/shared/lib/list-search';
import { useShortcut } from '@/shared/lib/shortcuts';
import { useSearchBox } from '@/shared/lib/use-search-box';
import { Button } from '@/shared/ui/button';
import { ConfirmDelete } from '@/shared/ui/confirm-delete';
import { type DataColumn, DataTable, TableSkeleton } from '@/shared/ui/data-table';
import { SearchInput } from '@/shared/ui/input';
import { Menu, MenuContent, MenuItem, MenuTrigger } from '@/shared/ui/menu';
import { Card, Page } from '@/shared/ui/page';
import { EmptyState, ErrorState } from '@/shared/ui/states';
import { Time } from '@/shared/ui/time';
import { useDeleteMacro } from './api/delete-macro';
import { macroList } from '@/shared/macros/list-macros';
import { MacroDrawer } from './macro-drawer';
import { callOf } from './macro-query';
import { type MacroUse, macroUses } from './macro-uses';

const route = getRouteApi('/frame/macros');
const DEFAULT_SORT = 'name';

function macroColumns(open: (id: string) => void, remove: (macro: Macro) => void): DataColumn<Macro>[] {
  return [
    {
      id: 'name',
      header: () => t('common.name'),
      meta: { sortKey: 'name', className: 'max-w-72' },
      cell: ({ row: { original } }) => (
        <button
          type="button"
          className="block max-w-full truncate rounded text-left font-mono text-[0.8125rem] font-medium hover:underline"
          onClick={() => open(String(original.id))}
        >
          {callOf(original.name, original.parameters)}
        </button>
      ),
    },
    {
      id: 'description',
      header: () => t('common.description'),
      meta: { className: 'w-full max-w-0 text-muted max-sm:hidden' },
      cell: ({ row }) => <span className="block truncate">{row.original.description}</span>,
    },
    {
      id: 'updated',
      header: () => t('common.updated'),
      meta: { sortKey: 'updated_at', className: 'whitespace-nowrap text-muted max-md:hidden' },
      cell: ({ row }) => <Time value={row.original.updated_at} />,
    },
    {
      id: 'actions',
      header: () => <span className="sr-only">{t('common.actions')}</span>,
      meta: { align: 'right', className: 'pl-0 pr-2' },
      cell: ({ row: { original } }) => (
        <Menu>
          <MenuTrigger asChild>
            <Button variant="ghost" size="icon-sm" aria-label={t('common.moreActions', { name: original.name })}>
              <MoreHorizontal aria-hidden />
            </Button>
          </MenuTrigger>
          <MenuContent align="end">
            <MenuItem onSelect={() => open(String(original.id))}>
              <Pencil aria-hidden />
              {t('common.edit')}
            </MenuItem>
            <MenuItem danger onSelect={() => remove(original)}>
              <Trash2 aria-hidden />
              {t('common.delete')}
            </MenuItem>
          </MenuContent>
        </Menu>
      ),
    },
  ];
}

/** Where a macro that cannot be deleted is used. */
function usedText(uses: MacroUse[]): string {
  const rules = uses.map(({ collection, rule }) => `${collection} (${rule})`).join(', ');
  return tn('macros.used', uses.length, { rules });
}

/** Queries that rules can use by name. */
export function MacrosPage() {
  const { q = '', sort = DEFAULT_SORT, macro } = route.useSearch();
  const navigate = useNavigate({ from: '/macros' });
  const list = useQuery(macroList());
  const schemas = useQuery(allSchemas());
  const remove = useDeleteMacro();
  const [doomed, setDoomed] = useState<Macro | null>(null);
  const [search, setSearch] = useSearchBox(
    q,
    (text) => void navigate({ search: (old) => ({ ...old, q: text || undefined }), replace: true }),
  );
  const open = (id: string | undefined) => void navigate({ search: (old) => ({ ...old, macro: id }) });
  useShortcut('n', () => open('new'));
  // The table needs stable columns; `open` does the same in every render.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const columns = useMemo(() => macroColumns(open, setDoomed), []);
  const rows = useMemo(
    () =>
      sorted(
        matching(list.data ?? [], q, ({ name, description }) => [name, description]),
        sort,
      ),
    [list.data, q, sort],
  );
  const uses = doomed ? macroUses(doomed.name, schemas.data ?? []) : [];
  const nothingYet = list.data?.length === 0;

  return (
    <Page
      title={t('nav.macros')}
      description={t('macros.lead')}
      actions={
        <Button variant="primary" onClick={() => open('new')}>
          <Plus aria-hidden />
          {t('macros.new')}
        </Button>
      }
    >
      <Card className="overflow-hidden">
        {!nothingYet && (
          <div className="border-b p-3">
            <SearchInput className="max-w-sm" label={t('macros.search')} value={search} onChange={setSearch} />
          </div>
        )}
        {list.isPending && <TableSkeleton columns={4} />}
        {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
        {nothingYet && (
          <EmptyState
            icon={SquareFunction}
            title={t('macros.emptyTitle')}
            actions={
              <Button variant="primary" onClick={() => open('new')}>
                <Plus aria-hidden />
                {t('macros.createFirst')}
              </Button>
            }
          >
            {t('macros.empty')}
          </EmptyState>
        )}
        {list.data && !nothingYet && (
          <DataTable
            label={t('nav.macros')}
            columns={columns}
            rows={rows}
            rowId={(row) => String(row.id)}
            sort={sort}
            openRowId={macro}
            onSortChange={(next) =>
              void navigate({ search: (old) => ({ ...old, sort: unlessDefault(next, DEFAULT_SORT) }) })
            }
            onOpenRow={(row) => open(String(row.id))}
            empty={
              <EmptyState
                icon={SearchX}
                title={t('table.noMatchTitle')}
                actions={<Button onClick={() => setSearch('')}>{t('table.clearSearch')}</Button>}
              >
                {t('table.noMatch')}
              </EmptyState>
            }
          />
        )}
      </Card>
      <MacroDrawer open={macro} macros={list.data} onOpen={open} onDelete={setDoomed} onClose={() => open(undefined)} />
      <ConfirmDelete
        open={doomed !== null}
        onOpenChange={(next) => !next && setDoomed(null)}
        title={t('macros.deleteTitle', { name: doomed?.name ?? '' })}
        consequence={uses.length > 0 ? usedText(uses) : t('macros.deleteConsequence')}
        action={t('macros.delete')}
        onConfirm={async () => {
          if (!doomed) return;
          await remove.mutateAsync(doomed.id);
          toast.success(t('macros.deletedToast', { name: doomed.name }));
          await navigate({ search: (old) => ({ ...old, macro: undefined }), ignoreBlocker: true });
        }}
      />
    </Page>
  );
}
