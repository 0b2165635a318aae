import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { MoreHorizontal, Pencil, Plus, ShieldHalf, Trash2, Users } from 'lucide-react';
import { useMemo, useState } from 'react';
import { toast } from 'sonner';
import type { Role } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import { useShortcut } from '@/shared/lib/shortcuts';
import { isBuiltIn, roleList } from '@/shared/roles/list-roles';
import { Badge } from '@/shared/ui/badge';
import { Button } from '@/shared/ui/button';
import { ConfirmDelete } from '@/shared/ui/confirm-delete';
import { type DataColumn, DataTable, TableSkeleton } from '@/shared/ui/data-table';
import { Dialog } from '@/shared/ui/dialog';
import { Menu, MenuContent, MenuItem, MenuTrigger } from '@/shared/ui/menu';
import { Card, Page } from '@/shared/ui/page';
import { EmptyState, ErrorState } from '@/shared/ui/states';
import { useDeleteRole } from './api/delete-role';
import { RoleForm } from './role-form';

const route = getRouteApi('/frame/roles');

function roleColumns(edit: (role: Role) => void, remove: (role: Role) => void): DataColumn<Role>[] {
  return [
    {
      id: 'name',
      header: () => t('common.name'),
      meta: { className: 'whitespace-nowrap' },
      cell: ({ row: { original } }) => (
        <span className="flex items-center gap-2.5">
          <span className="font-medium">{original.name}</span>
          {isBuiltIn(original) && <Badge>{t('roles.builtIn')}</Badge>}
        </span>
      ),
    },
    {
      id: 'description',
      header: () => t('common.description'),
      meta: { className: 'w-full max-w-0 text-muted' },
      cell: ({ row }) => <span className="block truncate">{row.original.description}</span>,
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
            <MenuItem asChild>
              <Link to="/users" search={{ role: original.id }}>
                <Users aria-hidden />
                {t('roles.showUsers')}
              </Link>
            </MenuItem>
            <MenuItem onSelect={() => edit(original)}>
              <Pencil aria-hidden />
              {t('common.edit')}
            </MenuItem>
            {!isBuiltIn(original) && (
              <MenuItem danger onSelect={() => remove(original)}>
                <Trash2 aria-hidden />
                {t('common.delete')}
              </MenuItem>
            )}
          </MenuContent>
        </Menu>
      ),
    },
  ];
}

/** Names that rules can ask for in `@request.auth.role`. */
export function RolesPage() {
  const { dialog } = route.useSearch();
  const navigate = useNavigate({ from: '/roles' });
  const list = useQuery(roleList());
  const remove = useDeleteRole();
  const [edited, setEdited] = useState<Role | null>(null);
  const [doomed, setDoomed] = useState<Role | null>(null);
  const columns = useMemo(() => roleColumns(setEdited, setDoomed), []);
  const setDialog = (next: string | undefined) => void navigate({ search: { dialog: next } });
  useShortcut('n', () => setDialog('new'));

  return (
    <Page
      title={t('nav.roles')}
      description={t('roles.lead')}
      actions={
        <Button variant="primary" onClick={() => setDialog('new')}>
          <Plus aria-hidden />
          {t('roles.new')}
        </Button>
      }
    >
      <Card className="overflow-hidden">
        {list.isPending && <TableSkeleton columns={3} rows={3} />}
        {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
        {list.data && (
          <DataTable
            label={t('nav.roles')}
            columns={columns}
            rows={list.data}
            rowId={(row) => String(row.id)}
            empty={<EmptyState icon={ShieldHalf} title={t('roles.emptyTitle')} />}
          />
        )}
      </Card>
      <Dialog
        open={dialog === 'new'}
        onOpenChange={(open) => !open && setDialog(undefined)}
        title={t('roles.newTitle')}
        description={t('roles.newLead')}
      >
        <RoleForm onDone={() => setDialog(undefined)} />
      </Dialog>
      <Dialog
        open={edited !== null}
        onOpenChange={(open) => !open && setEdited(null)}
        title={t('roles.editTitle', { name: edited?.name ?? '' })}
      >
        <RoleForm role={edited ?? undefined} onDone={() => setEdited(null)} />
      </Dialog>
      <ConfirmDelete
        open={doomed !== null}
        onOpenChange={(open) => !open && setDoomed(null)}
        title={t('roles.deleteTitle', { name: doomed?.name ?? '' })}
        consequence={t('roles.deleteConsequence')}
        action={t('roles.delete')}
        onConfirm={async () => {
          if (!doomed) return;
          await remove.mutateAsync(doomed.id);
          toast.success(t('roles.deletedToast', { name: doomed.name }));
        }}
      />
    </Page>
  );
}
