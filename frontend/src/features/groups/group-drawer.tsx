import { useQuery } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { t } from '@/shared/i18n';
import { useUnsavedDrawer } from '@/shared/lib/unsaved';
import { Button } from '@/shared/ui/button';
import { ConfirmDelete } from '@/shared/ui/confirm-delete';
import { DialogBody, Drawer } from '@/shared/ui/dialog';
import { ErrorState, Skeleton } from '@/shared/ui/states';
import { useDeleteGroup } from './api/delete-group';
import { groupById } from './api/get-group';
import { GroupForm, PII_GROUP } from './group-form';
import { GroupMembers } from './group-members';

interface GroupDrawerProps {
  /** Id of the group, `new` for one to create, undefined when the drawer is closed. */
  open: string | undefined;
  /** Account that a new group is offered for. */
  accountId?: string;
  onOpen: (id: string) => void;
  onClose: () => void;
}

/** Creates, shows and changes a group and its members. */
export function GroupDrawer({ open, accountId, onOpen, onClose }: GroupDrawerProps) {
  const { setDirty, leave, onDismiss } = useUnsavedDrawer(onClose);
  // What was open stays in view while the drawer slides out.
  const [shown, setShown] = useState(open);
  if (open !== undefined && open !== shown) setShown(open);
  const creating = shown === 'new';

  return (
    <Drawer
      open={open !== undefined}
      onOpenChange={(next) => !next && onClose()}
      onDismiss={onDismiss}
      title={creating ? t('groups.newTitle') : t('groups.editTitle')}
    >
      {creating && <GroupForm accountId={accountId} onDirtyChange={setDirty} onCreated={onOpen} onCancel={leave} />}
      {!creating && shown !== undefined && (
        <StoredGroup key={shown} id={shown} onDirtyChange={setDirty} onClose={leave} />
      )}
    </Drawer>
  );
}

interface StoredGroupProps {
  id: string;
  onDirtyChange: (dirty: boolean) => void;
  onClose: () => void;
}

function StoredGroup({ id, onDirtyChange, onClose }: StoredGroupProps) {
  const group = useQuery(groupById(id));
  const remove = useDeleteGroup();
  const [deleting, setDeleting] = useState(false);
  if (group.isError && !group.data) return <ErrorState error={group.error} onRetry={() => void group.refetch()} />;
  if (!group.data) {
    return (
      <DialogBody role="status" aria-label={t('common.loading')}>
        <Skeleton className="h-9 w-full" />
        <Skeleton className="h-24 w-full" />
        <Skeleton className="h-40 w-full" />
      </DialogBody>
    );
  }
  const { name } = group.data;
  return (
    <>
      <GroupForm
        key={id}
        group={group.data}
        onDirtyChange={onDirtyChange}
        onCreated={onClose}
        onCancel={onClose}
        footer={
          name !== PII_GROUP && (
            <Button variant="ghost" className="mr-auto text-danger" onClick={() => setDeleting(true)}>
              <Trash2 aria-hidden />
              {t('common.delete')}
            </Button>
          )
        }
      >
        <GroupMembers group={group.data} />
      </GroupForm>
      <ConfirmDelete
        open={deleting}
        onOpenChange={setDeleting}
        title={t('groups.deleteTitle', { name })}
        consequence={t('groups.deleteConsequence')}
        action={t('groups.delete')}
        onConfirm={async () => {
          await remove.mutateAsync(id);
          onDirtyChange(false);
          toast.success(t('groups.deletedToast', { name }));
          onClose();
        }}
      />
    </>
  );
}
