import { useQuery } from '@tanstack/react-query';
import { Send, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { t } from '@/shared/i18n';
import { useUnsavedDrawer } from '@/shared/lib/unsaved';
import { Button } from '@/shared/ui/button';
import { ConfirmDelete } from '@/shared/ui/confirm-delete';
import { Dialog, DialogBody, Drawer } from '@/shared/ui/dialog';
import { ErrorState, Skeleton } from '@/shared/ui/states';
import { useDeleteTemplate } from './api/delete-template';
import { templateById } from './api/get-template';
import { templateList } from './api/list-templates';
import { TemplateForm } from './template-form';
import { typeName } from './template-parts';
import { TestMailForm } from './test-mail-form';

interface TemplateDrawerProps {
  /** Id of the template, `new` for one to create, undefined when the drawer is closed. */
  open: string | undefined;
  /** Account and type that a new template begins with. */
  accountId: string | undefined;
  type: string | undefined;
  onOpen: (id: string) => void;
  onClose: () => void;
}

/** Creates or changes a template beside its preview. */
export function TemplateDrawer({ open, accountId, type, onOpen, onClose }: TemplateDrawerProps) {
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
      title={creating ? t('mail.newTitle') : t('mail.editTitle')}
      className="max-w-6xl"
    >
      {creating && (
        <NewTemplate accountId={accountId} type={type} onDirtyChange={setDirty} onCreated={onOpen} onCancel={leave} />
      )}
      {!creating && shown !== undefined && (
        <StoredTemplate key={shown} id={shown} onDirtyChange={setDirty} onClose={leave} />
      )}
    </Drawer>
  );
}

function Pending() {
  return (
    <DialogBody role="status" aria-label={t('common.loading')}>
      <Skeleton className="h-9 w-full" />
      <Skeleton className="h-72 w-full" />
    </DialogBody>
  );
}

interface NewTemplateProps {
  accountId: string | undefined;
  type: string | undefined;
  onDirtyChange: (dirty: boolean) => void;
  onCreated: (id: string) => void;
  onCancel: () => void;
}

/** Begins with the texts of a stored template, which are easier to change than an empty page. */
function NewTemplate({ accountId, type, ...props }: NewTemplateProps) {
  const templates = useQuery(templateList());
  if (templates.isError) return <ErrorState error={templates.error} onRetry={() => void templates.refetch()} />;
  if (!templates.data) return <Pending />;
  const model =
    templates.data.find((template) => template.is_builtin && (type === undefined || template.template_type === type)) ??
    templates.data[0];
  return <TemplateForm creating template={model && { ...model, enabled: true }} accountId={accountId} {...props} />;
}

interface StoredTemplateProps {
  id: string;
  onDirtyChange: (dirty: boolean) => void;
  onClose: () => void;
}

function StoredTemplate({ id, onDirtyChange, onClose }: StoredTemplateProps) {
  const template = useQuery(templateById(id));
  const remove = useDeleteTemplate();
  const [deleting, setDeleting] = useState(false);
  const [testing, setTesting] = useState(false);
  if (template.isError && !template.data) {
    return <ErrorState error={template.error} onRetry={() => void template.refetch()} />;
  }
  if (!template.data) return <Pending />;
  const { is_builtin, template_type, locale } = template.data;
  return (
    <>
      <p className="border-b px-5 py-2 text-muted">
        {typeName(template_type)} · {locale}
      </p>
      <TemplateForm
        template={template.data}
        creating={false}
        onDirtyChange={onDirtyChange}
        onCreated={onClose}
        onCancel={onClose}
        footer={
          <span className="mr-auto flex gap-2">
            {!is_builtin && (
              <Button variant="ghost" className="text-danger" onClick={() => setDeleting(true)}>
                <Trash2 aria-hidden />
                {t('common.delete')}
              </Button>
            )}
            <Button onClick={() => setTesting(true)}>
              <Send aria-hidden />
              {t('mail.test')}
            </Button>
          </span>
        }
      />
      <Dialog open={testing} onOpenChange={setTesting} title={t('mail.testTitle')} description={t('mail.testLead')}>
        <TestMailForm template={template.data} onDone={() => setTesting(false)} />
      </Dialog>
      <ConfirmDelete
        open={deleting}
        onOpenChange={setDeleting}
        title={t('mail.deleteTitle')}
        consequence={t('mail.deleteConsequence')}
        action={t('mail.delete')}
        onConfirm={async () => {
          await remove.mutateAsync(id);
          onDirtyChange(false);
          toast.success(t('mail.deletedToast'));
          onClose();
        }}
      />
    </>
  );
}
