import { zodResolver } from '@hookform/resolvers/zod';
import { useQuery } from '@tanstack/react-query';
import { Link, useBlocker, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { FormProvider, useForm, useWatch } from 'react-hook-form';
import { toast } from 'sonner';
import { z } from 'zod/mini';
import { type ApiError, asApiError } from '@/shared/api/errors';
import { collectionNames } from '@/shared/collections/list-collection-names';
import { t, tn } from '@/shared/i18n';
import { submitOnModEnter } from '@/shared/lib/submit-shortcut';
import { handFile } from '@/shared/records/file-in-hand';
import { Button } from '@/shared/ui/button';
import { Field, FormError } from '@/shared/ui/field';
import { FileDrop } from '@/shared/ui/file-drop';
import { Input } from '@/shared/ui/input';
import { Card } from '@/shared/ui/page';
import { useCreateCollection } from './api/create-collection';
import type { Source } from './collection-sources';
import { templateOf } from './collection-templates';
import { collectionName, emptyDraft, fieldDrafts, fieldInput } from './field-draft';
import { readFileSchema } from './file-schema';
import { indexDrafts, indexInput } from './index-draft';
import { IndexEditor } from './index-editor';
import { SchemaBuilder, type SchemaFormValues } from './schema-builder';
import { showSchemaFaults } from './show-schema-faults';
import { rulesInput, rulesToStart, type StartRules } from './start-rules';
import { StartRulesChoice } from './start-rules-choice';

const schema = z.object({ name: collectionName, fields: fieldDrafts, indexes: indexDrafts });

/** Name, fields, indexes and first rules of a new collection. */
export function NewCollectionForm({ source }: { source: Source }) {
  const template = source === 'file' ? undefined : templateOf(source);
  const form = useForm<SchemaFormValues>({
    resolver: zodResolver(schema),
    defaultValues: { name: template?.key ?? '', fields: template?.fields ?? [emptyDraft()], indexes: [] },
  });
  const [rules, setRules] = useState<StartRules>(template ? 'template' : 'locked');
  const [file, setFile] = useState<{ file: File; rows: number } | null>(null);
  const [fileFault, setFileFault] = useState<string | null>(null);
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

  async function read(chosen: File) {
    const found = await readFileSchema(chosen);
    if ('fault' in found) {
      setFileFault(found.fault);
      return;
    }
    setFileFault(null);
    setFile({ file: chosen, rows: found.rows });
    form.reset({ name: found.name, fields: found.fields, indexes: [] }, { keepDefaultValues: true });
  }

  const submit = form.handleSubmit(async (values) => {
    setFailure(null);
    try {
      const made = await create.mutateAsync({
        name: values.name,
        schema: values.fields.map((draft) => fieldInput(draft)),
        indexes: values.indexes.map(indexInput),
        ...rulesInput(rulesToStart(rules, template)),
      });
      toast.success(t('collections.createdToast', { name: made.name }));
      if (file) handFile(made.name, file.file);
      void navigate({
        to: '/collections/$name/records',
        params: { name: made.name },
        search: file ? { dialog: 'import' } : {},
        ignoreBlocker: true,
      });
    } catch (error) {
      setFailure({ message: showSchemaFaults(form, error), error: asApiError(error) });
    }
  });

  if (source === 'file' && !file) {
    return (
      <FileDrop
        label={t('collectionFiles.choose')}
        hint={t('newCollection.fileKinds')}
        accept=".csv,.json,.ndjson,.jsonl,text/csv,application/json"
        error={fileFault}
        onFile={(chosen) => void read(chosen)}
      />
    );
  }

  // A collection may refer to itself; the name is known as soon as it is typed.
  const targets = [...new Set([...(names.data ?? []), ...(name.length >= 3 ? [name] : [])])];

  return (
    <FormProvider {...form}>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <form noValidate onSubmit={(event) => void submit(event)} onKeyDown={submitOnModEnter} className="space-y-6">
        <FormError message={failure?.message} error={failure?.error} />
        {file && (
          <div className="flex flex-wrap items-center justify-between gap-3 rounded-xl bg-info-subtle px-4 py-3 text-info">
            <p className="min-w-0 flex-1 break-words">
              {tn('newCollection.read', file.rows, { file: file.file.name })} {t('newCollection.importNext')}
            </p>
            <Button size="sm" onClick={() => setFile(null)}>
              {t('collectionFiles.other')}
            </Button>
          </div>
        )}
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
                autoFocus={source === undefined}
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
        <StartRulesChoice template={template} value={rules} onChange={setRules} />
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
  );
}
