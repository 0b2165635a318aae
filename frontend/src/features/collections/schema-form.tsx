import { zodResolver } from '@hookform/resolvers/zod';
import { useQuery } from '@tanstack/react-query';
import { useBlocker } from '@tanstack/react-router';
import { useState } from 'react';
import { FormProvider, useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { z } from 'zod/mini';
import { type ApiError, asApiError } from '@/shared/api/errors';
import type { Collection } from '@/shared/api/types';
import { collectionNames } from '@/shared/collections/list-collection-names';
import { t } from '@/shared/i18n';
import { submitOnModEnter } from '@/shared/lib/submit-shortcut';
import { Button } from '@/shared/ui/button';
import { FormError } from '@/shared/ui/field';
import { useUpdateCollection } from './api/update-collection';
import { draftOf, fieldDrafts, fieldInput } from './field-draft';
import { indexDraft, indexDrafts, indexInput } from './index-draft';
import { IndexEditor } from './index-editor';
import { SchemaBuilder, type SchemaFormValues } from './schema-builder';
import { showSchemaFaults } from './show-schema-faults';

const schema = z.object({ name: z.string(), fields: fieldDrafts, indexes: indexDrafts });

/** Changes the fields of a collection. */
export function SchemaForm({ collection }: { collection: Collection }) {
  const form = useForm<SchemaFormValues>({
    resolver: zodResolver(schema),
    defaultValues: {
      name: collection.name,
      fields: collection.schema.map(draftOf),
      indexes: collection.indexes.map(indexDraft),
    },
  });
  const names = useQuery(collectionNames());
  const update = useUpdateCollection();
  const [failure, setFailure] = useState<{ message: string | null; error: ApiError } | null>(null);
  const { isDirty } = form.formState;
  useBlocker({
    // Another tab of the same page keeps its form only while it stands, so leaving it asks too.
    shouldBlockFn: () => isDirty && !update.isPending && !window.confirm(t('common.discard')),
    enableBeforeUnload: () => isDirty,
  });

  const submit = form.handleSubmit(async ({ fields, indexes }) => {
    setFailure(null);
    const stored = new Map(collection.schema.map((field) => [field.name, field]));
    try {
      const saved = await update.mutateAsync({
        id: collection.id,
        indexes: indexes.map(indexInput),
        schema: fields.map((draft) => fieldInput(draft, draft.existing ? stored.get(draft.name) : undefined)),
      });
      form.reset({
        name: collection.name,
        indexes: saved.indexes.map(indexDraft),
        fields: fields.map((draft) => ({ ...draft, existing: true })),
      });
      toast.success(t('collections.schemaSaved'));
    } catch (error) {
      setFailure({ message: showSchemaFaults(form, error), error: asApiError(error) });
    }
  });

  return (
    <FormProvider {...form}>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <form noValidate onSubmit={(event) => void submit(event)} onKeyDown={submitOnModEnter} className="space-y-5">
        <p className="text-muted">{t('collections.editLead')}</p>
        <FormError message={failure?.message} error={failure?.error} />
        <SchemaBuilder targets={names.data ?? [collection.name]} />
        <IndexEditor />
        <div className="flex justify-end gap-2 border-t pt-5">
          <Button disabled={!isDirty || update.isPending} onClick={() => form.reset()}>
            {t('collections.revert')}
          </Button>
          <Button type="submit" variant="primary" disabled={!isDirty} busy={update.isPending}>
            {update.isPending ? t('collections.applying') : t('common.save')}
          </Button>
        </div>
      </form>
    </FormProvider>
  );
}
