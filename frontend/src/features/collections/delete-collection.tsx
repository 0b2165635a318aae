import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import { asApiError } from '@/shared/api/errors';
import type { Collection } from '@/shared/api/types';
import { allSchemas } from '@/shared/collections/all-schemas';
import { t, tn } from '@/shared/i18n';
import { Button } from '@/shared/ui/button';
import { Dialog, DialogBody, DialogFooter } from '@/shared/ui/dialog';
import { Field, FormError } from '@/shared/ui/field';
import { Input } from '@/shared/ui/input';
import { Skeleton } from '@/shared/ui/states';
import { allCollections } from './api/all-collections';
import { useDeleteCollection } from './api/delete-collection';
import { referenceGraph } from './reference-graph';

interface DeleteCollectionProps {
  collection: Collection;
  open: boolean;
  onClose: () => void;
}

/** Deletes a collection, after telling what is lost and what stands against it. */
export function DeleteCollection({ collection, open, onClose }: DeleteCollectionProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={t('collections.deleteTitle', { name: collection.name })}
    >
      <DeleteForm collection={collection} onClose={onClose} />
    </Dialog>
  );
}

function DeleteForm({ collection: { id, name, schema, indexes }, onClose }: Omit<DeleteCollectionProps, 'open'>) {
  const [typed, setTyped] = useState('');
  const remove = useDeleteCollection();
  const navigate = useNavigate();
  const schemas = useQuery({ ...allSchemas(), staleTime: 0 });
  const counts = useQuery({ ...allCollections(), staleTime: 0 });
  const records = counts.data?.find((collection) => collection.id === id)?.records_count;
  // References of a collection to itself go with it.
  const users =
    schemas.data && referenceGraph(schemas.data).references.filter(({ from, to }) => to === name && from !== name);
  const blocked = users !== undefined && users.length > 0;
  const failure = remove.isError ? asApiError(remove.error) : null;
  const submit = () =>
    remove.mutate(
      { id },
      {
        onSuccess: ({ records_deleted }) => {
          toast.success(tn('collections.deletedToast', records_deleted, { name }));
          void navigate({ to: '/collections', ignoreBlocker: true });
        },
      },
    );

  return (
    <form
      className="contents"
      onSubmit={(event) => {
        event.preventDefault();
        if (typed === name && !blocked && !remove.isPending) submit();
      }}
    >
      <DialogBody>
        {blocked ? (
          <div className="flex gap-3 rounded-xl bg-danger-subtle px-4 py-3 text-danger" role="alert">
            <TriangleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
            <div className="min-w-0">
              <p>{t('collections.deleteBlocked')}</p>
              <ul className="mt-1 space-y-0.5 font-mono text-[0.8125rem]">
                {users.map(({ id: reference, from }) => (
                  <li key={reference}>
                    <Link
                      to="/collections/$name/settings"
                      params={{ name: from }}
                      search={{ tab: 'changes' }}
                      className="rounded underline underline-offset-4"
                    >
                      {reference}
                    </Link>
                  </li>
                ))}
              </ul>
            </div>
          </div>
        ) : (
          <>
            <div>
              <p>{t('collections.deleteLost')}</p>
              <ul className="mt-2 list-disc space-y-1 pl-5">
                <li>
                  {records === undefined ? (
                    <Skeleton className="h-4 w-32" />
                  ) : (
                    <b className="font-medium">{tn('collections.lostRecords', records)}</b>
                  )}
                </li>
                <li>{tn('collections.lostFields', schema.length)}</li>
                {indexes.length > 0 && <li>{tn('collections.lostIndexes', indexes.length)}</li>}
                <li>{t('collections.lostRules', { name })}</li>
              </ul>
              <p className="mt-2 text-muted">{t('collections.deleteAdvice')}</p>
            </div>
            <Field label={t('common.typeToConfirm', { name })}>
              {(control) => (
                <Input
                  {...control}
                  value={typed}
                  onChange={(event) => setTyped(event.target.value)}
                  autoComplete="off"
                  spellCheck={false}
                  autoFocus
                />
              )}
            </Field>
          </>
        )}
        <FormError message={failure?.message} error={failure} />
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        {!blocked && (
          <Button type="submit" variant="danger" busy={remove.isPending} disabled={typed !== name}>
            {remove.isPending ? t('collections.deleting') : t('collections.delete')}
          </Button>
        )}
      </DialogFooter>
    </form>
  );
}
