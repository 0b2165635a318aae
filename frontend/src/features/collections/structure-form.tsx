import { useBlocker, useNavigate } from '@tanstack/react-router';
import { ListChecks, X } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { asApiError } from '@/shared/api/errors';
import type { Collection } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import { Button } from '@/shared/ui/button';
import { ConfirmDelete } from '@/shared/ui/confirm-delete';
import { FormError } from '@/shared/ui/field';
import { Card } from '@/shared/ui/page';
import { useChangeStructure } from './api/change-structure';
import { NewChange } from './new-change';
import { describe, planned, type StructureChange } from './structure-change';
import { StructureDiff } from './structure-diff';

/** Plans changes to stored fields, shows what they would do, and does them. */
export function StructureForm({ collection }: { collection: Collection }) {
  const [changes, setChanges] = useState<StructureChange[]>([]);
  const [confirming, setConfirming] = useState(false);
  const preview = useChangeStructure();
  const apply = useChangeStructure();
  const navigate = useNavigate({ from: '/collections/$name/settings' });
  const after = planned(collection.name, collection.schema, changes);
  const failure = preview.isError ? asApiError(preview.error) : apply.isError ? asApiError(apply.error) : null;
  const unfit = preview.data?.changes.some((step) => step.unconvertible_count > 0);
  const drops = changes.some((change) => change.op === 'drop_field');
  useBlocker({
    shouldBlockFn: () => changes.length > 0 && !apply.isPending && !window.confirm(t('common.discard')),
    enableBeforeUnload: () => changes.length > 0,
  });

  function plan(next: StructureChange[]) {
    // What was shown holds for the changes as they were.
    preview.reset();
    apply.reset();
    setChanges(next);
  }

  async function run() {
    await apply.mutateAsync({ id: collection.id, changes, dryRun: false });
    toast.success(t('changes.appliedToast'));
    setChanges([]);
    preview.reset();
    if (after.name !== collection.name) {
      await navigate({
        to: '/collections/$name/settings',
        params: { name: after.name },
        search: { tab: 'changes' },
        replace: true,
        ignoreBlocker: true,
      });
    }
  }

  return (
    <div className="space-y-5">
      <p className="text-muted">{t('changes.lead')}</p>
      {changes.length > 0 && (
        <Card>
          <h2 className="border-b px-4 py-3 font-medium">{t('changes.planned')}</h2>
          <ol className="divide-y">
            {changes.map((change, index) => (
              <li key={index} className="flex items-center gap-3 py-1.5 pr-2 pl-4">
                <span className="w-4 text-[0.8125rem] text-muted tabular-nums">{index + 1}</span>
                <span className="min-w-0 flex-1 break-words">{describe(change)}</span>
                <Button
                  variant="ghost"
                  size="icon-sm"
                  aria-label={t('changes.remove', { change: describe(change) })}
                  // Those after it may build on it, so they go too.
                  onClick={() => plan(changes.slice(0, index))}
                >
                  <X aria-hidden />
                </Button>
              </li>
            ))}
          </ol>
        </Card>
      )}
      <NewChange key={changes.length} from={after} onAdd={(change) => plan([...changes, change])} />
      <FormError message={failure?.message} error={failure} />
      {preview.data && <StructureDiff before={collection} after={after} report={preview.data} />}
      {changes.length > 0 && (
        <div className="flex justify-end gap-2 border-t pt-5">
          <Button disabled={apply.isPending} onClick={() => plan([])}>
            {t('changes.clear')}
          </Button>
          {preview.data ? (
            <Button
              variant={drops ? 'danger' : 'primary'}
              busy={apply.isPending}
              disabled={unfit}
              onClick={() => (drops ? setConfirming(true) : void run().catch(() => undefined))}
            >
              {t('changes.apply')}
            </Button>
          ) : (
            <Button
              variant="primary"
              busy={preview.isPending}
              onClick={() => preview.mutate({ id: collection.id, changes, dryRun: true })}
            >
              {!preview.isPending && <ListChecks aria-hidden />}
              {t('changes.preview')}
            </Button>
          )}
        </div>
      )}
      <ConfirmDelete
        open={confirming}
        onOpenChange={setConfirming}
        title={t('changes.dropTitle')}
        consequence={t('changes.dropConsequence')}
        action={t('changes.apply')}
        typeToConfirm={collection.name}
        onConfirm={run}
      />
    </div>
  );
}
