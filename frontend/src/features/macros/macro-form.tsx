import { zodResolver } from '@hookform/resolvers/zod';
import { type ReactNode, useEffect } from 'react';
import { Controller, useForm, useWatch } from 'react-hook-form';
import { toast } from 'sonner';
import { z } from 'zod/mini';
import type { Macro } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import { submitOnModEnter } from '@/shared/lib/submit-shortcut';
import { useFormFailure } from '@/shared/lib/use-form-failure';
import { Button } from '@/shared/ui/button';
import { CodeEditor } from '@/shared/ui/code-editor';
import { DialogBody, DialogFooter } from '@/shared/ui/dialog';
import { Field, FormError } from '@/shared/ui/field';
import { Input } from '@/shared/ui/input';
import { useCreateMacro } from './api/create-macro';
import { useUpdateMacro } from './api/update-macro';
import { parametersIn, readParameters } from './macro-query';

const schema = z.object({
  name: z
    .string()
    .check(
      z.trim(),
      z.minLength(1, { error: () => t('error.required') }),
      z.maxLength(255, { error: () => t('macros.nameForm') }),
      z.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, { error: () => t('macros.nameForm') }),
    ),
  description: z.string().check(z.trim()),
  query: z
    .string()
    .check(
      z.trim(),
      z.minLength(1, { error: () => t('error.required') }),
      z.regex(/^select\b/i, { error: () => t('macros.needsSelect') }),
    ),
  parameters: z.string(),
});

type Values = z.infer<typeof schema>;

interface MacroFormProps {
  /** The macro that is changed; absent for a new one. */
  macro?: Macro;
  onDirtyChange: (dirty: boolean) => void;
  onSaved: (macro: Macro) => void;
  onCancel: () => void;
  /** Stands below the form while nothing is unsaved. */
  trial?: ReactNode;
  footer?: ReactNode;
}

/** Creates a macro, or changes the given one. */
export function MacroForm({ macro, onDirtyChange, onSaved, onCancel, trial, footer }: MacroFormProps) {
  const form = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: {
      name: macro?.name ?? '',
      description: macro?.description ?? '',
      query: macro?.sql_query ?? 'SELECT ',
      parameters: macro?.parameters.join(', ') ?? '',
    },
  });
  const create = useCreateMacro();
  const update = useUpdateMacro();
  const { failure, clear, show } = useFormFailure(
    form,
    { name: 'name', description: 'description', sql_query: 'query', parameters: 'parameters' },
    'name',
  );
  const { errors, isDirty } = form.formState;
  const [query, parameters] = useWatch({ control: form.control, name: ['query', 'parameters'] });
  const named = parametersIn(query);
  const listed = readParameters(parameters);
  const missing = named.filter((name) => !listed.includes(name));
  useEffect(() => {
    onDirtyChange(isDirty);
    return () => onDirtyChange(false);
  }, [isDirty, onDirtyChange]);

  const submit = form.handleSubmit(async (values) => {
    clear();
    const body = {
      name: values.name,
      description: values.description || null,
      sql_query: values.query,
      parameters: readParameters(values.parameters),
    };
    try {
      const saved = macro ? await update.mutateAsync({ id: macro.id, body }) : await create.mutateAsync(body);
      onDirtyChange(false);
      toast.success(t(macro ? 'macros.savedToast' : 'macros.createdToast', { name: saved.name }));
      onSaved(saved);
    } catch (error) {
      show(error);
    }
  });

  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <form noValidate className="contents" onSubmit={(event) => void submit(event)} onKeyDown={submitOnModEnter}>
      <DialogBody>
        <FormError message={failure?.message} error={failure?.error} />
        <Field label={t('common.name')} error={errors.name?.message} hint={t('macros.nameHint')} required>
          {(control) => (
            <Input
              {...control}
              className="font-mono text-[0.8125rem]"
              autoFocus={!macro}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              {...form.register('name')}
            />
          )}
        </Field>
        <Field label={t('common.description')} error={errors.description?.message}>
          {(control) => <Input {...control} autoComplete="off" {...form.register('description')} />}
        </Field>
        <Field label={t('macros.query')} error={errors.query?.message} hint={t('macros.queryHint')} required>
          {(control) => (
            <Controller
              control={form.control}
              name="query"
              render={({ field: { value, onChange, onBlur, ref } }) => (
                <CodeEditor
                  {...control}
                  ref={ref}
                  value={value}
                  onChange={onChange}
                  onBlur={onBlur}
                  language="sql"
                  rows={7}
                />
              )}
            />
          )}
        </Field>
        <Field
          label={t('macros.parameters')}
          error={errors.parameters?.message}
          hint={
            <>
              {t('macros.parametersHint')}{' '}
              {missing.length > 0 && (
                <button
                  type="button"
                  className="rounded text-accent underline underline-offset-4"
                  onClick={() => form.setValue('parameters', [...listed, ...missing].join(', '), { shouldDirty: true })}
                >
                  {t('macros.addMissing', { names: missing.map((name) => `:${name}`).join(', ') })}
                </button>
              )}
            </>
          }
        >
          {(control) => (
            <Input
              {...control}
              className="font-mono text-[0.8125rem]"
              placeholder="user_id, project"
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              {...form.register('parameters')}
            />
          )}
        </Field>
        {trial && (isDirty ? <p className="text-muted">{t('macros.saveToTry')}</p> : trial)}
      </DialogBody>
      <DialogFooter>
        {footer}
        <Button onClick={onCancel}>{t('common.cancel')}</Button>
        <Button
          type="submit"
          variant="primary"
          disabled={macro !== undefined && !isDirty}
          busy={create.isPending || update.isPending}
        >
          {macro ? t('common.save') : t('macros.create')}
        </Button>
      </DialogFooter>
    </form>
  );
}
