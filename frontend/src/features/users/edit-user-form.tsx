import { zodResolver } from '@hookform/resolvers/zod';
import { useQuery } from '@tanstack/react-query';
import { useForm, useWatch } from 'react-hook-form';
import { toast } from 'sonner';
import { z } from 'zod/mini';
import type { User } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import { submitOnModEnter } from '@/shared/lib/submit-shortcut';
import { useUnsaved } from '@/shared/lib/unsaved';
import { useFormFailure } from '@/shared/lib/use-form-failure';
import { roleList } from '@/shared/roles/list-roles';
import { Button } from '@/shared/ui/button';
import { DialogBody, DialogFooter } from '@/shared/ui/dialog';
import { Field, FormError } from '@/shared/ui/field';
import { Checkbox, Input, Select } from '@/shared/ui/input';
import { useUpdateUser } from './api/update-user';

const schema = z.object({
  email: z.email({ error: () => t('error.email') }),
  roleId: z.string(),
  keepVerified: z.boolean(),
});

type Values = z.infer<typeof schema>;

/** Changes e-mail and role of a user. */
export function EditUserForm({ user, onDone }: { user: User; onDone: () => void }) {
  const form = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: { email: user.email, roleId: String(user.role_id), keepVerified: user.email_verified },
  });
  const done = useUnsaved(form.formState.isDirty, onDone);
  const email = useWatch({ control: form.control, name: 'email' });
  const roles = useQuery(roleList());
  const update = useUpdateUser();
  const { failure, clear, show } = useFormFailure(form, { email: 'email', role_id: 'roleId' }, 'email');
  const { errors, isDirty } = form.formState;
  const renamed = email !== user.email;

  const submit = form.handleSubmit(async ({ email, roleId, keepVerified }) => {
    clear();
    try {
      await update.mutateAsync({
        id: user.id,
        body: {
          role_id: Number(roleId),
          ...(renamed && { email, ...(keepVerified && { email_verified: true }) }),
        },
      });
      toast.success(t('users.savedToast', { email }));
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
        <Field label={t('fields.email')} error={errors.email?.message} required>
          {(control) => <Input {...control} type="email" autoFocus autoComplete="off" {...form.register('email')} />}
        </Field>
        {renamed && (
          <div>
            <label className="flex items-center gap-2 font-medium">
              <Checkbox {...form.register('keepVerified')} />
              {t('users.keepVerified')}
            </label>
            <p className="mt-1 pl-6 text-[0.8125rem] text-muted">{t('users.keepVerifiedHint')}</p>
          </div>
        )}
        <Field label={t('users.role')} error={errors.roleId?.message} required>
          {(control) => (
            // Drawn anew when the choices arrive, so that the present role is shown.
            <Select {...control} key={roles.data ? 'loaded' : 'loading'} {...form.register('roleId')}>
              {roles.data?.map((role) => (
                <option key={role.id} value={role.id}>
                  {role.name}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </DialogBody>
      <DialogFooter>
        <Button onClick={done}>{t('common.cancel')}</Button>
        <Button type="submit" variant="primary" disabled={!isDirty} busy={update.isPending}>
          {t('common.save')}
        </Button>
      </DialogFooter>
    </form>
  );
}
