import { useQuery } from '@tanstack/react-query';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import type { Provider } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import { useUnsavedDrawer } from '@/shared/lib/unsaved';
import { Button } from '@/shared/ui/button';
import { ConfirmDelete } from '@/shared/ui/confirm-delete';
import { DialogBody, Drawer } from '@/shared/ui/dialog';
import { ErrorState, Skeleton } from '@/shared/ui/states';
import { useCreateConfiguration } from './api/create-configuration';
import { useDeleteConfiguration } from './api/delete-configuration';
import { providerSchema } from './api/get-schema';
import { configurationValues } from './api/get-values';
import type { ConfigurationRow } from './api/list-configurations';
import { useUpdateValues } from './api/update-values';
import { ConfigurationForm } from './configuration-form';
import { settingsOf } from './provider-schema';

/** What is open: a provider to be added, or a configuration to be changed. */
export type Subject = { add: Provider } | { edit: ConfigurationRow };

interface ConfigurationDrawerProps {
  /** Undefined when the drawer is closed. */
  subject: Subject | undefined;
  /** Account that a new configuration is for; absent for the whole installation. */
  accountId: string | undefined;
  onClose: () => void;
}

/** Adds, changes or deletes the configuration of a provider. */
export function ConfigurationDrawer({ subject, accountId, onClose }: ConfigurationDrawerProps) {
  const { setDirty, leave, onDismiss } = useUnsavedDrawer(onClose);
  // What was open stays in view while the drawer slides out.
  const [shown, setShown] = useState(subject);
  if (subject && keyOf(subject) !== (shown && keyOf(shown))) setShown(subject);
  const name = shown && ('add' in shown ? shown.add.display_name : shown.edit.display_name);
  return (
    <Drawer
      open={subject !== undefined}
      onOpenChange={(open) => !open && onClose()}
      onDismiss={onDismiss}
      title={t(shown && 'add' in shown ? 'configuration.addTitle' : 'configuration.editTitle', { name: name ?? '' })}
    >
      {shown && 'add' in shown && (
        <NewConfiguration
          key={keyOf(shown)}
          provider={shown.add}
          accountId={accountId}
          onDirtyChange={setDirty}
          onClose={leave}
        />
      )}
      {shown && 'edit' in shown && (
        <StoredConfiguration key={keyOf(shown)} row={shown.edit} onDirtyChange={setDirty} onClose={leave} />
      )}
    </Drawer>
  );
}

const keyOf = (subject: Subject) =>
  'add' in subject ? `${subject.add.category}/${subject.add.provider_name}` : subject.edit.id;

interface BodyProps {
  onDirtyChange: (dirty: boolean) => void;
  onClose: () => void;
}

function Pending() {
  return (
    <DialogBody role="status" aria-label={t('common.loading')}>
      {[0, 1, 2, 3].map((row) => (
        <div key={row}>
          <Skeleton className="mb-2 h-4 w-24" />
          <Skeleton className="h-9 w-full" />
        </div>
      ))}
    </DialogBody>
  );
}

function NewConfiguration({
  provider,
  accountId,
  onDirtyChange,
  onClose,
}: BodyProps & { provider: Provider; accountId: string | undefined }) {
  const { category, provider_name, display_name, logo_url } = provider;
  const schema = useQuery(providerSchema(category, provider_name));
  const create = useCreateConfiguration();
  if (schema.isError) return <ErrorState error={schema.error} onRetry={() => void schema.refetch()} />;
  if (!schema.data) return <Pending />;
  return (
    <ConfigurationForm
      category={category}
      provider={provider_name}
      settings={settingsOf(schema.data)}
      displayName={display_name}
      onDirtyChange={onDirtyChange}
      onCancel={onClose}
      onSubmit={async (values, heading) => {
        await create.mutateAsync({
          category,
          provider_name,
          display_name: heading.displayName,
          logo_url,
          config: values,
          enabled: heading.enabled,
          priority: heading.priority,
          ...(accountId && { account_id: accountId }),
        });
        onDirtyChange(false);
        toast.success(t('configuration.addedToast', { name: heading.displayName }));
        onClose();
      }}
    />
  );
}

function StoredConfiguration({ row, onDirtyChange, onClose }: BodyProps & { row: ConfigurationRow }) {
  const { id, category, provider_name, display_name } = row;
  const schema = useQuery(providerSchema(category, provider_name));
  const values = useQuery(configurationValues(id));
  const update = useUpdateValues();
  const remove = useDeleteConfiguration();
  const [deleting, setDeleting] = useState(false);
  const failed = [schema, values].find((query) => query.isError && !query.data);
  if (failed) return <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />;
  if (!schema.data || !values.data) return <Pending />;
  return (
    <>
      <ConfigurationForm
        category={category}
        provider={provider_name}
        settings={settingsOf(schema.data)}
        stored={values.data}
        onDirtyChange={onDirtyChange}
        onCancel={onClose}
        onSubmit={async (next) => {
          await update.mutateAsync({ id, values: next });
          onDirtyChange(false);
          toast.success(t('configuration.savedToast', { name: display_name }));
          onClose();
        }}
        footer={
          !row.is_builtin && (
            <Button variant="ghost" className="mr-auto text-danger" onClick={() => setDeleting(true)}>
              <Trash2 aria-hidden />
              {t('common.delete')}
            </Button>
          )
        }
      />
      <ConfirmDelete
        open={deleting}
        onOpenChange={setDeleting}
        title={t('configuration.deleteTitle', { name: display_name })}
        consequence={t('configuration.deleteConsequence')}
        action={t('configuration.delete')}
        onConfirm={async () => {
          await remove.mutateAsync(id);
          onDirtyChange(false);
          toast.success(t('configuration.deletedToast', { name: display_name }));
          onClose();
        }}
      />
    </>
  );
}
