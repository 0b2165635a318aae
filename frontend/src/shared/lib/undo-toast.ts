import { toast } from 'sonner';
import { t } from '@/shared/i18n';

const SHOWN_MS = 8000;

/** Tells of something done, with a button that takes it back. */
export function toastWithUndo(message: string, undo: () => void) {
  toast.success(message, { duration: SHOWN_MS, action: { label: t('common.undo'), onClick: undo } });
}
