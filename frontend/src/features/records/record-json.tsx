import type { RecordRow } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import { CopyButton } from '@/shared/ui/copy-button';
import { JsonText } from '@/shared/ui/json-control';

/** A record as the API gives it. */
export function RecordJson({ record }: { record: RecordRow }) {
  const text = JSON.stringify(record, null, 2);
  return (
    <div className="relative min-h-0 flex-1 overflow-y-auto py-2">
      <JsonText value={text} label={t('recordDrawer.jsonOf')} />
      <CopyButton
        text={text}
        label={t('recordDrawer.copyJson')}
        className="absolute top-3 right-4 size-8 border bg-surface-raised"
      />
    </div>
  );
}
