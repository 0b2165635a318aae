import { SearchX, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { Macro } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import { useUnsavedDrawer } from '@/shared/lib/unsaved';
import { Button } from '@/shared/ui/button';
import { CopyButton } from '@/shared/ui/copy-button';
import { DialogBody, Drawer } from '@/shared/ui/dialog';
import { EmptyState, Skeleton } from '@/shared/ui/states';
import { MacroForm } from './macro-form';
import { callOf } from './macro-query';
import { MacroTrial } from './macro-trial';

interface MacroDrawerProps {
  /** Id of the macro, `new` for one to create, undefined when the drawer is closed. */
  open: string | undefined;
  /** All macros; undefined while they load. */
  macros: Macro[] | undefined;
  onOpen: (id: string) => void;
  onDelete: (macro: Macro) => void;
  onClose: () => void;
}

/** Creates, changes and tries a macro at the side of the list. */
export function MacroDrawer({ open, macros, onOpen, onDelete, onClose }: MacroDrawerProps) {
  const { setDirty, leave, onDismiss } = useUnsavedDrawer(onClose);
  // What was open stays in view while the drawer slides out.
  const [shown, setShown] = useState(open);
  if (open !== undefined && open !== shown) setShown(open);
  const macro = macros?.find(({ id }) => String(id) === shown);
  const call = macro && callOf(macro.name, macro.parameters);

  return (
    <Drawer
      open={open !== undefined}
      onOpenChange={(next) => !next && onClose()}
      onDismiss={onDismiss}
      title={
        call ? (
          <span className="flex items-center gap-1.5">
            <code className="truncate font-mono text-[0.9375rem]">{call}</code>
            <CopyButton text={call} label={t('macros.copyCall')} />
          </span>
        ) : (
          t('macros.newTitle')
        )
      }
      className="max-w-2xl"
    >
      {shown === 'new' && (
        <MacroForm onDirtyChange={setDirty} onSaved={(saved) => onOpen(String(saved.id))} onCancel={leave} />
      )}
      {macro && (
        <MacroForm
          // A saved change starts the form anew with what is stored.
          key={`${macro.id} ${macro.updated_at}`}
          macro={macro}
          onDirtyChange={setDirty}
          onSaved={() => undefined}
          onCancel={leave}
          trial={<MacroTrial macro={macro} />}
          footer={
            <Button variant="ghost" className="mr-auto text-danger" onClick={() => onDelete(macro)}>
              <Trash2 aria-hidden />
              {t('common.delete')}
            </Button>
          }
        />
      )}
      {shown !== 'new' && !macro && (macros ? <EmptyState icon={SearchX} title={t('macros.gone')} /> : <Pending />)}
    </Drawer>
  );
}

function Pending() {
  return (
    <DialogBody role="status" aria-label={t('common.loading')}>
      <Skeleton className="h-9 w-full" />
      <Skeleton className="h-40 w-full" />
    </DialogBody>
  );
}
