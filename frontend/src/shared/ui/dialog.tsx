import { X } from 'lucide-react';
import { Dialog as Primitive } from 'radix-ui';
import { type ComponentProps, type ReactNode, useRef, useState } from 'react';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { hasMovedOn } from '@/shared/lib/focus';
import { mayLeave, UnsavedContext, type UnsavedForms } from '@/shared/lib/unsaved';

const overlay =
  'fixed inset-0 z-50 bg-black/45 backdrop-blur-[2px] data-[state=open]:animate-in data-[state=open]:fade-in-0 data-[state=closed]:animate-out data-[state=closed]:fade-out-0';

interface FrameProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  children: ReactNode;
  className?: string;
  /** Called before the dialog closes by Esc, a click outside or its cross; `preventDefault` keeps it open. */
  onDismiss?: (event: { preventDefault: () => void }) => void;
}

function Heading({ title, description }: Pick<FrameProps, 'title' | 'description'>) {
  return (
    <div className="flex items-start gap-4 border-b px-5 py-4">
      <div className="min-w-0 flex-1">
        <Primitive.Title className="-m-1 truncate p-1 text-base font-semibold">{title}</Primitive.Title>
        {description && <Primitive.Description className="mt-0.5 text-muted">{description}</Primitive.Description>}
      </div>
      <Primitive.Close
        className="-mt-1 -mr-2 grid size-8 shrink-0 place-items-center rounded-lg text-muted hover:bg-hover hover:text-foreground"
        aria-label={t('common.close')}
      >
        <X className="size-4" aria-hidden />
      </Primitive.Close>
    </div>
  );
}

/**
 * Gives the focus back to what had it before: the library does so only for triggers of its own. While a dialog fades
 * out, the person may go on elsewhere by keys; then the focus stays there.
 */
function useFocusReturn() {
  const before = useRef<Element | null>(null);
  return {
    onOpenAutoFocus: () => {
      before.current = document.activeElement;
    },
    onCloseAutoFocus: (event: Event) => {
      if (hasMovedOn()) {
        event.preventDefault();
        return;
      }
      if (!(before.current instanceof HTMLElement) || !before.current.isConnected) return;
      event.preventDefault();
      before.current.focus();
    },
  };
}

const describedBy = (description: ReactNode) => (description ? {} : { 'aria-describedby': undefined });

/** A dialog in the middle of the page; on a phone at its lower edge. */
export function Dialog({ open, onOpenChange, title, description, children, className }: FrameProps) {
  const focusReturn = useFocusReturn();
  const [unsaved] = useState<UnsavedForms>(() => new Set());
  return (
    <Primitive.Root open={open} onOpenChange={(next) => (next || mayLeave(unsaved)) && onOpenChange(next)}>
      <Primitive.Portal>
        <Primitive.Overlay className={overlay} />
        <Primitive.Content
          {...describedBy(description)}
          {...focusReturn}
          className={cn(
            'fixed z-50 flex max-h-[calc(100dvh-2rem)] flex-col overflow-hidden border bg-surface-raised shadow-pop outline-none',
            'inset-x-0 bottom-0 rounded-t-2xl sm:inset-auto sm:top-1/2 sm:left-1/2 sm:w-[calc(100%-2rem)] sm:max-w-md sm:-translate-x-1/2 sm:-translate-y-1/2 sm:rounded-2xl',
            'data-[state=open]:animate-in data-[state=open]:fade-in-0 data-[state=open]:slide-in-from-bottom-4 data-[state=closed]:animate-out data-[state=closed]:fade-out-0',
            className,
          )}
        >
          <Heading title={title} description={description} />
          <UnsavedContext value={unsaved}>{children}</UnsavedContext>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

/** A panel at the right edge, the whole width on a phone. */
export function Drawer({ open, onOpenChange, title, description, children, className, onDismiss }: FrameProps) {
  const focusReturn = useFocusReturn();
  const [unsaved] = useState<UnsavedForms>(() => new Set());
  return (
    <Primitive.Root
      open={open}
      onOpenChange={(next) => {
        let prevented = false;
        if (!next) onDismiss?.({ preventDefault: () => (prevented = true) });
        if (!prevented && (next || mayLeave(unsaved))) onOpenChange(next);
      }}
    >
      <Primitive.Portal>
        <Primitive.Overlay className={overlay} />
        <Primitive.Content
          {...describedBy(description)}
          {...focusReturn}
          className={cn(
            'fixed inset-y-0 right-0 z-50 flex w-full max-w-xl flex-col border-l bg-surface-raised shadow-pop outline-none',
            'duration-200 data-[state=open]:animate-in data-[state=open]:slide-in-from-right data-[state=closed]:animate-out data-[state=closed]:slide-out-to-right',
            className,
          )}
        >
          <Heading title={title} description={description} />
          <UnsavedContext value={unsaved}>{children}</UnsavedContext>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

/** The scrolling middle of a dialog or drawer. */
export function DialogBody({ className, ...props }: ComponentProps<'div'>) {
  return <div className={cn('min-h-0 flex-1 space-y-5 overflow-y-auto px-5 py-5', className)} {...props} />;
}

/** The row of buttons that stays in view. */
export function DialogFooter({ className, ...props }: ComponentProps<'div'>) {
  return (
    <div
      className={cn('flex flex-wrap items-center justify-end gap-2 border-t bg-subtle/60 px-5 py-3', className)}
      {...props}
    />
  );
}
