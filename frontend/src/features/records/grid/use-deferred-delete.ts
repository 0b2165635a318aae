import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { toast } from 'sonner';
import { asApiError } from '@/shared/api/errors';
import { keys } from '@/shared/api/query-keys';
import { t } from '@/shared/i18n';
import { deleteForGood } from '../api/change-cell';
import { shortId } from '../cell-value';
import { PendingDeletes, UNDO_TIME } from './pending-deletes';
import { changeRows, markStale } from './record-cache';
import { toastAction } from './toast-action';

/** Deletes records some seconds later, or when the person leaves the page; until then it can be undone. */
export function useDeferredDelete(collection: string) {
  const queryClient = useQueryClient();
  const [pending] = useState(
    () =>
      new PendingDeletes(
        async (name, id) => {
          await deleteForGood(name, id);
          changeRows(queryClient, name, new Set([id]), () => null);
          queryClient.removeQueries({ queryKey: [...keys.records(name), 'one', id] });
          markStale(queryClient);
          void queryClient.invalidateQueries({ queryKey: keys.collections, refetchType: 'none' });
        },
        (_name, id, error) =>
          toast.error(t('grid.notDeleted', { id: shortId(id), message: asApiError(error).message })),
      ),
  );
  useEffect(() => {
    const leave = () => pending.flush();
    window.addEventListener('pagehide', leave);
    return () => {
      window.removeEventListener('pagehide', leave);
      leave();
    };
  }, [pending]);

  const remove = (id: string) => {
    pending.add(collection, id);
    toast(t('grid.deletingToast', { id: shortId(id) }), {
      description: t('grid.deletingHint'),
      duration: UNDO_TIME,
      action: toastAction(t('grid.undo'), () => {
        if (pending.undo(id)) toast.success(t('grid.keptToast', { id: shortId(id) }));
      }),
    });
  };
  return { hidden: useSyncExternalStore(pending.watch, pending.ids), remove };
}
