import { zodResolver } from '@hookform/resolvers/zod';
import { useQuery } from '@tanstack/react-query';
import { Link, useBlocker, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { FormProvider, useForm, useWatch } from 'react-hook-form';
import { toast } from 'sonner';
import { z } from 'zod/mini';
import { type ApiError, asApiError } from '@/shared/api/errors';
import { collectionNames } from '@/shared/collections/list-collection-names';
import { t } from '@/shared/i18n';
import { submitOnModEnter } from '@/shared/lib/submit-shortcut';
import { Button } from '@/shared/ui/button';
import { Field, FormError } from '@/shared/ui/field';
import { Input } from '@/shared/ui/input';
import { Card, Page } from '@/shared/ui/page';
import { useCreateCollection } from './api/create-collection';
import { collectionName, emptyDraft, fieldDrafts, fieldInput } from './field-draft';
import { indexDrafts, indexInput } from './index-draft';
import { IndexEditor } from './index-editor';
import { SchemaBuilder, type SchemaFormValues } from './schema-builder';
import { showSchemaFaults } from './show-schema-faults';

const schema = z.object({ name: collectionName, fields: fieldDrafts, indexes: indexDrafts });

export function NewCollectionPage() {
  const form = useForm<SchemaFormValues>({
    resolver: zodResolver(schema),
    defaultValues: { name: '', fields: [emptyDraft()], indexes: [] },
  });
  const name = useWatch({ control: form.control, name: 'name' });
  const names = useQuery(collectionNames());
  const create = useCreateCollection();
  const navigate = useNavigate();
  const [failure, setFailure] = useState<{ message: string | null; error: ApiError } | null>(null);
  const { errors, isDirty } = form.formState;
  useBlocker({
    shouldBlockFn: () => isDirty && !create.isPending && !create.isSuccess && !window.confirm(t('common.discard')),
    enableBeforeUnload: () => isDirty && !create.isSuccess,
  });

  const submit = form.handleSubmit(async (values) => {
    setFailure(null);
    try {
      const made = await create.mutateAsync({
        name: values.name,
        schema: values.fields.map((draft) => fieldInput(draft)),
        indexes: values.indexes.map(indexInput),
      });
      toast.success(t('collections.createdToast', { name: made.name }));
      void navigate({ to: '/collections/$name/records', params: { name: made.name }, ignoreBlocker: true });
    } catch (error) {
      setFailure({ message: showSchemaFaults(form, error), error: asApiError(error) });
    }
  });

  // A collection may refer to itself; the name is known as soon as it is typed.
  const targets = [...new Set([...(names.data ?? []), ...(name.length >= 3 ? [name] : [])])];

  return (
    <Page narrow title={t('collections.newTitle')} description={t('collections.newLead')}>
      <FormProvider {...form}>
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
        <form noValidate onSubmit={(event) => void submit(event)} onKeyDown={submitOnModEnter} className="space-y-6">
          <FormError message={failure?.message} error={failure?.error} />
          <Card className="p-5">
            <Field
              label={t('collections.name')}
              error={errors.name?.message}
              hint={t('collections.nameHint', { name: name || 'posts' })}
              required
            >
              {(props) => (
                <Input
                  {...props}
                  className="max-w-sm font-mono text-[0.8125rem]"
                  autoFocus
                  autoComplete="off"
                  spellCheck={false}
                  {...form.register('name')}
                />
              )}
            </Field>
          </Card>
          <section aria-labelledby="fields-heading">
            <h2 id="fields-heading" className="mb-1 text-base font-semibold">
              {t('collections.fields')}
            </h2>
            <p className="mb-3 text-muted">{t('collections.systemFields')}</p>
            <SchemaBuilder targets={targets} />
          </section>
          <IndexEditor />
          <div className="flex justify-end gap-2 border-t pt-5">
            <Button asChild>
              <Link to="/collections">{t('common.cancel')}</Link>
            </Button>
            <Button type="submit" variant="primary" busy={create.isPending}>
              {t('collections.create')}
            </Button>
          </div>
        </form>
      </FormProvider>
    </Page>
  );
}
