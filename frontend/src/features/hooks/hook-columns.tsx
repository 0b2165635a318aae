import { MoreHorizontal, Pencil, Play, Trash2 } from 'lucide-react';
import { toast } from 'sonner';
import { asApiError } from '@/shared/api/errors';
import type { Hook } from '@/shared/api/types';
import { formatNumber, t } from '@/shared/i18n';
import { Button } from '@/shared/ui/button';
import type { DataColumn } from '@/shared/ui/data-table';
import { Switch } from '@/shared/ui/input';
import { Menu, MenuContent, MenuItem, MenuTrigger } from '@/shared/ui/menu';
import { Time } from '@/shared/ui/time';
import { useToggleHook } from './api/toggle-hook';
import { triggerWords } from './hook-words';

function EnabledSwitch({ hook }: { hook: Hook }) {
  const toggle = useToggleHook();
  return (
    <Switch
      className="block"
      aria-label={t('hooks.enable', { name: hook.name })}
      checked={toggle.isPending ? !hook.enabled : hook.enabled}
      disabled={toggle.isPending}
      onClick={(event) => event.stopPropagation()}
      onChange={() => toggle.mutate(hook.id, { onError: (error) => toast.error(asApiError(error).message) })}
    />
  );
}

interface HookActs {
  open: (id: string) => void;
  run: (hook: Hook) => void;
  remove: (hook: Hook) => void;
}

export function hookColumns({ open, run, remove }: HookActs): DataColumn<Hook>[] {
  return [
    {
      id: 'name',
      header: () => t('common.name'),
      meta: { className: 'w-full max-w-0' },
      cell: ({ row: { original } }) => (
        <span className="block min-w-0">
          <button
            type="button"
            className="block max-w-full truncate rounded font-medium hover:underline"
            onClick={() => open(original.id)}
          >
            {original.name}
          </button>
          <span className="block truncate text-[0.8125rem] text-muted sm:hidden">
            {triggerWords(original.trigger, original.cron_description)}
          </span>
          {original.description && (
            <span className="block truncate text-[0.8125rem] text-muted max-sm:hidden">{original.description}</span>
          )}
        </span>
      ),
    },
    {
      id: 'trigger',
      header: () => t('hooks.trigger'),
      meta: { className: 'whitespace-nowrap max-sm:hidden' },
      cell: ({ row: { original } }) => (
        <span className="block">
          {triggerWords(original.trigger, original.cron_description)}
          {original.next_run_at && (
            <span className="block text-[0.8125rem] text-muted">
              {t('hooks.nextRun')} <Time value={original.next_run_at} />
            </span>
          )}
        </span>
      ),
    },
    {
      id: 'actions-count',
      header: () => t('hooks.actions'),
      meta: { align: 'right', className: 'tabular-nums max-md:hidden' },
      cell: ({ row }) => formatNumber(row.original.actions.length),
    },
    {
      id: 'last',
      header: () => t('hooks.lastRun'),
      meta: { className: 'text-muted whitespace-nowrap max-lg:hidden' },
      cell: ({ row: { original } }) =>
        original.last_run_at ? <Time value={original.last_run_at} /> : t('hooks.neverRun'),
    },
    {
      id: 'enabled',
      header: () => t('hooks.enabled'),
      cell: ({ row }) => <EnabledSwitch hook={row.original} />,
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
            <MenuItem onSelect={() => open(original.id)}>
              <Pencil aria-hidden />
              {t('common.edit')}
            </MenuItem>
            <MenuItem onSelect={() => run(original)}>
              <Play aria-hidden />
              {t('hooks.run')}
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
