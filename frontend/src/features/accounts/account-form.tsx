import { zodResolver } from '@hookform/resolvers/zod';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { z } from 'zod/mini';
import { type ApiError, asApiError } from '@/shared/api/errors';
import type { AccountSummary } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import { showServerFaults } from '@/shared/lib/form-errors';
import { submitOnModEnter } from '@/shared/lib/submit-shortcut';
import { useUnsaved } from '@/shared/lib/unsaved';
import { Button } from '@/shared/ui/button';
import { DialogBody, DialogFooter } from '@/shared/ui/dialog';
import { Field, FormError } from '@/shared/ui/field';
import { Input } from '@/shared/ui/input';
import { useCreateAccount } from './api/create-account';
import { useRenameAccount } from './api/rename-account';

const schema = z.object({
  name: z
    .string()
    .check(
      z.trim(),
      z.minLength(1, { error: () => t('error.required') }),
      z.maxLength(255, { error: () => t('accounts.nameLong') }),
    ),
  slug: z.string().check(z.trim(), z.regex(/^([a-z0-9-]{3,32})?$/, { error: () => t('accounts.slugForm') })),
});

type Values = z.infer<typeof schema>;

/** Creates an account, or renames the given one. */
export function AccountForm({ account, onDone }: { account?: AccountSummary; onDone: () => void }) {
  const form = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: { name: account?.name ?? '', slug: '' },
  });
  const done = useUnsaved(form.formState.isDirty, onDone);
  const create = useCreateAccount();
  const rename = useRenameAccount();
  const [failure, setFailure] = useState<{ message: string | null; error: ApiError } | null>(null);
  const { errors } = form.formState;

  const submit = form.handleSubmit(async ({ name, slug }) => {
    setFailure(null);
    try {
      if (account) {
        await rename.mutateAsync({ id: account.id, name });
        toast.success(t('accounts.renamedToast'));
      } else {
        await create.mutateAsync({ name, slug: slug || null });
        toast.success(t('accounts.createdToast', { name }));
      }
      done();
    } catch (error) {
      const apiError = asApiError(error);
      // The one refusal that names no field concerns a short name that is taken.
      if (/^Slug '/.test(apiError.message)) {
        form.setError('slug', { type: 'server', message: apiError.message }, { shouldFocus: true });
        return;
      }
      const names = ['name', 'slug'] as const;
      setFailure({
        message: showServerFaults(form, error, (field) => names.find((name) => name === field)),
        error: apiError,
      });
    }
  });

  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <form noValidate className="contents" onSubmit={(event) => void submit(event)} onKeyDown={submitOnModEnter}>
      <DialogBody>
        <FormError message={failure?.message} error={failure?.error} />
        <Field label={t('accounts.name')} error={errors.name?.message} required>
          {(control) => <Input {...control} autoFocus autoComplete="off" {...form.register('name')} />}
        </Field>
        {!account && (
          <Field label={t('accounts.slug')} error={errors.slug?.message} hint={t('accounts.slugHint')}>
            {(control) => (
              <Input
                {...control}
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
                {...form.register('slug')}
              />
            )}
          </Field>
        )}
      </DialogBody>
      <DialogFooter>
        <Button onClick={done}>{t('common.cancel')}</Button>
        <Button type="submit" variant="primary" busy={create.isPending || rename.isPending}>
          {account ? t('common.save') : t('accounts.create')}
        </Button>
      </DialogFooter>
    </form>
  );
}
