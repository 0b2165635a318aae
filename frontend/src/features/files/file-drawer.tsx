import { Download, FileX2, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { FileContent } from '@/shared/files/file-preview';
import { useDownloadFile } from '@/shared/files/read-file';
import { formatBytes, t } from '@/shared/i18n';
import { Button } from '@/shared/ui/button';
import { ConfirmDelete } from '@/shared/ui/confirm-delete';
import { CopyButton } from '@/shared/ui/copy-button';
import { Details } from '@/shared/ui/details';
import { DialogBody, DialogFooter, Drawer } from '@/shared/ui/dialog';
import { EmptyState } from '@/shared/ui/states';
import { Time } from '@/shared/ui/time';
import { useDeleteFile } from './api/delete-file';
import type { FileEntry } from '@/shared/api/types';
import { HeldBadge } from './file-columns';
import { LinkMaker } from './link-maker';
import { Uploader } from './uploader';

interface FileDrawerProps {
  /** Path of the file; undefined when the drawer is closed. */
  open: string | undefined;
  /** The file, where the list has it. */
  file: FileEntry | undefined;
  /** Name of the file's account; absent where there is only one. */
  account?: string;
  onClose: () => void;
}

/** A file with its preview and what can be done with it. */
export function FileDrawer({ open, file, account, onClose }: FileDrawerProps) {
  // What was open stays in view while the drawer slides out, and while the list loses it.
  const [shown, setShown] = useState(file);
  const current = file ?? (shown?.path === open ? shown : undefined);
  if (open !== undefined && current !== shown) setShown(current);
  return (
    <Drawer
      open={open !== undefined}
      onOpenChange={(next) => !next && onClose()}
      className="max-w-2xl"
      title={shown?.filename ?? t('filesPage.file')}
    >
      {shown ? (
        <Shown key={shown.path} file={shown} account={account} onClose={onClose} />
      ) : (
        <EmptyState icon={FileX2} title={t('filesPage.gone')}>
          {t('filesPage.goneHint')}
        </EmptyState>
      )}
    </Drawer>
  );
}

function Shown({ file, account, onClose }: { file: FileEntry; account?: string; onClose: () => void }) {
  const download = useDownloadFile();
  const remove = useDeleteFile();
  const [deleting, setDeleting] = useState(false);
  return (
    <>
      <DialogBody>
        <div className="flex flex-col overflow-hidden rounded-xl border">
          <FileContent file={file} />
        </div>
        <Details
          rows={[
            {
              label: t('filesPage.path'),
              value: (
                <span className="flex items-start gap-1">
                  <code className="font-mono text-xs leading-5 break-all">{file.path}</code>
                  <CopyButton className="-my-1" text={file.path} label={t('filesPage.copyPath')} />
                </span>
              ),
            },
            { label: t('filesPage.type'), value: file.mime_type },
            { label: t('filesPage.size'), value: formatBytes(file.size) },
            { label: t('filesPage.state'), value: <HeldBadge held={file.held} /> },
            ...(account === undefined ? [] : [{ label: t('filesPage.account'), value: account }]),
            { label: t('filesPage.by'), value: <Uploader id={file.uploaded_by} /> },
            { label: t('filesPage.uploaded'), value: <Time value={file.created_at} /> },
            { label: t('filesPage.provider'), value: providerName(file.provider) },
          ]}
        />
        <LinkMaker path={file.path} />
      </DialogBody>
      <DialogFooter>
        <Button variant="ghost" className="mr-auto text-danger" onClick={() => setDeleting(true)}>
          <Trash2 aria-hidden />
          {t('common.delete')}
        </Button>
        <Button variant="primary" busy={download.isPending} onClick={() => download.mutate(file)}>
          {!download.isPending && <Download aria-hidden />}
          {t('common.download')}
        </Button>
      </DialogFooter>
      <ConfirmDelete
        open={deleting}
        onOpenChange={setDeleting}
        title={file.held ? t('filesPage.deleteHeldTitle') : t('filesPage.deleteTitle')}
        consequence={t(file.held ? 'filesPage.deleteHeldConsequence' : 'filesPage.deleteConsequence', {
          name: file.filename,
        })}
        typeToConfirm={file.held ? file.filename : undefined}
        action={t('filesPage.delete')}
        onConfirm={async () => {
          await remove.mutateAsync(file.path);
          toast.success(t('filesPage.deletedToast'));
          onClose();
        }}
      />
    </>
  );
}

const providers = ['local', 's3', 'azure_blob', 'gcs'] as const;

function providerName(provider: string): string {
  const known = providers.find((name) => name === provider);
  return known ? t(`filesPage.providers.${known}`) : provider;
}
