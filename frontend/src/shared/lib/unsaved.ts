import { useRouter } from '@tanstack/react-router';
import { createContext, useCallback, useContext, useEffect, useRef } from 'react';
import { t } from '@/shared/i18n';

/** Forms of a dialog that hold what is not saved. */
export type UnsavedForms = Set<symbol>;

/** The forms of the dialog around; absent outside of dialogs. */
export const UnsavedContext = createContext<UnsavedForms | null>(null);

/** Asks before a dialog is left whose forms hold what is not saved; true when it may be left. */
export function mayLeave(forms: UnsavedForms): boolean {
  if (forms.size > 0 && !window.confirm(t('common.discard'))) return false;
  forms.clear();
  return true;
}

/**
 * Guards a form that holds what is not saved: before the dialog around it is dismissed, before another page is
 * gone to and before the tab is closed, the person is asked. Gives `onDone` back in a form that leaves unasked,
 * for what was saved or is given up by a button.
 */
export function useUnsaved(dirty: boolean, onDone: () => void): () => void {
  const dialog = useContext(UnsavedContext);
  const own = useRef<UnsavedForms>(new Set());
  const id = useRef(Symbol('form'));
  // Absent where a form is drawn alone.
  const router = useRouter({ warn: false }) as ReturnType<typeof useRouter> | undefined;

  useEffect(() => {
    if (!dirty) return;
    const forms = dialog ?? own.current;
    const form = id.current;
    forms.add(form);
    const release = router?.history.block({
      blockerFn: () => forms.has(form) && !mayLeave(forms),
      enableBeforeUnload: () => forms.has(form),
    });
    return () => {
      forms.delete(form);
      release?.();
    };
  }, [dirty, dialog, router]);

  return useCallback(() => {
    (dialog ?? own.current).delete(id.current);
    onDone();
  }, [dialog, onDone]);
}

/**
 * The same for a drawer that is told by its form, with `setDirty`, whether that holds what is not saved.
 * `leave` closes unasked, `onDismiss` is for the drawer.
 */
export function useUnsavedDrawer(onClose: () => void) {
  const dirty = useRef(false);
  const router = useRouter({ warn: false }) as ReturnType<typeof useRouter> | undefined;

  const setDirty = useCallback((value: boolean) => {
    dirty.current = value;
  }, []);
  const mayClose = useCallback(() => {
    if (dirty.current && !window.confirm(t('common.discard'))) return false;
    dirty.current = false;
    return true;
  }, []);
  const leave = useCallback(() => {
    dirty.current = false;
    onClose();
  }, [onClose]);
  const onDismiss = useCallback(
    (event: { preventDefault: () => void }) => {
      if (!mayClose()) event.preventDefault();
    },
    [mayClose],
  );

  useEffect(
    () => router?.history.block({ blockerFn: () => !mayClose(), enableBeforeUnload: () => dirty.current }),
    [mayClose, router],
  );

  return { setDirty, leave, onDismiss };
}
