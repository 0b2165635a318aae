import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { z } from 'zod/mini';
import type { Role } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import { submitOnModEnter } from '@/shared/lib/submit-shortcut';
import { useUnsaved } from '@/shared/lib/unsaved';
import { useFormFailure } from '@/shared/lib/use-form-failure';
import { isBuiltIn } from '@/shared/roles/list-roles';
import { Button } from '@/shared/ui/button';
import { DialogBody, DialogFooter } from '@/shared/ui/dialog';
import { Field, FormError } from '@/shared/ui/field';
import { Input, Textarea } from '@/shared/ui/input';
import { useCreateRole } from './api/create-role';
import { useUpdateRole } from './api/update-role';

const schema = z.object({
  name: z
    .string()
    .check(
      z.trim(),
      z.minLength(1, { error: () => t('error.required') }),
      z.maxLength(50, { error: () => t('roles.nameLong') }),
    ),
  description: z.string().check(z.trim()),
});

type Values = z.infer<typeof schema>;

/** Creates a role, or changes the given one. */
export function RoleForm({ role, onDone }: { role?: Role; onDone: () => void }) {
  const form = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: { name: role?.name ?? '', description: role?.description ?? '' },
  });
  const done = useUnsaved(form.formState.isDirty, onDone);
  const create = useCreateRole();
  const update = useUpdateRole();
  const { failure, clear, show } = useFormFailure(form, { name: 'name', description: 'description' }, 'name');
  const { errors } = form.formState;
  const fixed = role !== undefined && isBuiltIn(role);

  const submit = form.handleSubmit(async ({ name, description }) => {
    clear();
    const body = { name, description: description || null };
    try {
      if (role) await update.mutateAsync({ id: role.id, body });
      else await create.mutateAsync(body);
      toast.success(t(role ? 'roles.savedToast' : 'roles.createdToast', { name }));
      done();
    } catch (error) {
      show(error);
    }
  });

  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <form noValidate className="contents" onSubmit={(event) => void submit(event)} onKeyDown={submitOnModEnter}>
      <DialogBody>
        <FormError message={failure?.message} error={failure?.error} />
        <Field
          label={t('common.name')}
          error={errors.name?.message}
          hint={fixed ? t('roles.fixedName') : t('roles.nameHint')}
          required
        >
          {(control) => (
            <Input
              {...control}
              autoFocus={!fixed}
              readOnly={fixed}
              autoComplete="off"
              autoCapitalize="none"
              {...form.register('name')}
            />
          )}
        </Field>
        <Field label={t('common.description')} error={errors.description?.message}>
          {(control) => <Textarea {...control} rows={3} autoFocus={fixed} {...form.register('description')} />}
        </Field>
      </DialogBody>
      <DialogFooter>
        <Button onClick={done}>{t('common.cancel')}</Button>
        <Button type="submit" variant="primary" busy={create.isPending || update.isPending}>
          {role ? t('common.save') : t('roles.create')}
        </Button>
      </DialogFooter>
    </form>
  );
}
