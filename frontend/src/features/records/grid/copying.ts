import { toast } from 'sonner';
import { t } from '@/shared/i18n';

/** Copies a text and says so. */
export async function copyText(text: string, done: string) {
  try {
    await navigator.clipboard.writeText(text);
    toast.success(done);
  } catch {
    toast.error(t('grid.copyFailed'));
  }
}
