import { MoreHorizontal, Pencil, Plus, Settings2, Star, StarOff, Trash2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import { toast } from 'sonner';
import { t } from '@/shared/i18n';
import { toastWithUndo } from '@/shared/lib/undo-toast';
import { Badge } from '@/shared/ui/badge';
import { Button } from '@/shared/ui/button';
import { ConfirmDelete } from '@/shared/ui/confirm-delete';
import { type DataColumn, DataTable } from '@/shared/ui/data-table';
import { Switch } from '@/shared/ui/input';
import { Menu, MenuContent, MenuItem, MenuTrigger } from '@/shared/ui/menu';
import { EmptyState } from '@/shared/ui/states';
import { Time } from '@/shared/ui/time';
import { useDeleteConfiguration } from './api/delete-configuration';
import type { ConfigurationRow } from './api/list-configurations';
import { useSetDefault } from './api/set-default';
import { useSetEnabled } from './api/set-enabled';
import { categoryName } from './category';
import { ProviderLogo } from './provider-logo';

interface ConfigurationTableProps {
  label: string;
  rows: ConfigurationRow[];
  openId: string | undefined;
  onOpen: (id: string) => void;
  onAdd: () => void;
}

/** Configured providers, with what can be done to each at once. */
export function ConfigurationTable({ label, rows, openId, onOpen, onAdd }: ConfigurationTableProps) {
  const remove = useDeleteConfiguration();
  const [doomed, setDoomed] = useState<ConfigurationRow | null>(null);
  // The table needs stable columns; `onOpen` does the same in every render.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const columns = useMemo(() => configurationColumns(onOpen, setDoomed), []);
  return (
    <>
      <DataTable
        label={label}
        columns={columns}
        rows={rows}
        rowId={(row) => row.id}
        openRowId={openId}
        empty={
          <EmptyState
            icon={Settings2}
            title={t('configuration.emptyTitle')}
            actions={
              <Button variant="primary" onClick={onAdd}>
                <Plus aria-hidden />
                {t('configuration.add')}
              </Button>
            }
          >
            {t('configuration.empty')}
          </EmptyState>
        }
      />
      <ConfirmDelete
        open={doomed !== null}
        onOpenChange={(open) => !open && setDoomed(null)}
        title={t('configuration.deleteTitle', { name: doomed?.display_name ?? '' })}
        consequence={t('configuration.deleteConsequence')}
        action={t('configuration.delete')}
        onConfirm={async () => {
          if (!doomed) return;
          await remove.mutateAsync(doomed.id);
          toast.success(t('configuration.deletedToast', { name: doomed.display_name }));
        }}
      />
    </>
  );
}

function configurationColumns(
  open: (id: string) => void,
  remove: (row: ConfigurationRow) => void,
): DataColumn<ConfigurationRow>[] {
  return [
    {
      id: 'name',
      header: () => t('configuration.provider'),
      meta: { className: 'w-full max-w-0' },
      cell: ({ row: { original } }) => (
        <span className="flex items-center gap-3">
          <ProviderLogo url={original.logo_url} className="size-8" />
          <span className="min-w-0">
            <span className="flex min-w-0 items-center gap-2">
              <button
                type="button"
                className="min-w-0 truncate rounded font-medium hover:underline"
                onClick={() => open(original.id)}
              >
                {original.display_name}
              </button>
              {original.is_default && <Badge tone="accent">{t('configuration.default')}</Badge>}
            </span>
            <span className="block truncate text-[0.8125rem] text-muted sm:hidden">
              {categoryName(original.category)}
            </span>
          </span>
        </span>
      ),
    },
    {
      id: 'category',
      header: () => t('configuration.category'),
      meta: { className: 'whitespace-nowrap max-sm:hidden' },
      cell: ({ row }) => categoryName(row.original.category),
    },
    {
      id: 'priority',
      header: () => t('configuration.priority'),
      meta: { align: 'right', className: 'max-lg:hidden' },
      cell: ({ row }) => row.original.priority,
    },
    {
      id: 'updated',
      header: () => t('common.updated'),
      meta: { className: 'text-muted whitespace-nowrap max-md:hidden' },
      cell: ({ row }) => <Time value={row.original.updated_at} />,
    },
    {
      id: 'enabled',
      header: () => t('configuration.enabled'),
      cell: ({ row }) => <EnabledSwitch row={row.original} />,
    },
    {
      id: 'actions',
      header: () => <span className="sr-only">{t('common.actions')}</span>,
      meta: { align: 'right', className: 'pl-0 pr-2' },
      cell: ({ row: { original } }) => (
        <RowMenu row={original} onEdit={() => open(original.id)} onRemove={() => remove(original)} />
      ),
    },
  ];
}

function EnabledSwitch({ row }: { row: ConfigurationRow }) {
  const setEnabled = useSetEnabled();
  const { id, display_name: name } = row;

  function set(enabled: boolean) {
    setEnabled.mutate(
      { id, enabled },
      {
        onSuccess: () =>
          toastWithUndo(t(enabled ? 'configuration.enabledToast' : 'configuration.disabledToast', { name }), () =>
            setEnabled.mutate({ id, enabled: !enabled }),
          ),
      },
    );
  }

  return (
    <label className="flex">
      <span className="sr-only">{t('configuration.enable', { name })}</span>
      <Switch checked={row.enabled} onChange={(event) => set(event.target.checked)} />
    </label>
  );
}

interface RowMenuProps {
  row: ConfigurationRow;
  onEdit: () => void;
  onRemove: () => void;
}

function RowMenu({ row, onEdit, onRemove }: RowMenuProps) {
  const setDefault = useSetDefault();
  const { id, display_name: name, is_default, enabled } = row;
  return (
    <Menu>
      <MenuTrigger asChild>
        <Button variant="ghost" size="icon-sm" aria-label={t('common.moreActions', { name })}>
          <MoreHorizontal aria-hidden />
        </Button>
      </MenuTrigger>
      <MenuContent align="end">
        <MenuItem onSelect={onEdit}>
          <Pencil aria-hidden />
          {t('common.edit')}
        </MenuItem>
        <MenuItem
          disabled={!is_default && !enabled}
          onSelect={() =>
            setDefault.mutate(
              { id, isDefault: !is_default },
              {
                onSuccess: () =>
                  toast.success(
                    t(is_default ? 'configuration.noDefaultToast' : 'configuration.defaultToast', { name }),
                  ),
              },
            )
          }
        >
          {is_default ? <StarOff aria-hidden /> : <Star aria-hidden />}
          {is_default ? t('configuration.unsetDefault') : t('configuration.setDefault')}
        </MenuItem>
        {!row.is_builtin && (
          <MenuItem danger onSelect={onRemove}>
            <Trash2 aria-hidden />
            {t('common.delete')}
          </MenuItem>
        )}
      </MenuContent>
    </Menu>
  );
}
