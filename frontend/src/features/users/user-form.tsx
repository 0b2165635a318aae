import { zodResolver } from '@hookform/resolvers/zod';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useForm, useWatch } from 'react-hook-form';
import { toast } from 'sonner';
import { z } from 'zod/mini';
import { accountChoices } from '@/shared/accounts/list-account-choices';
import { type ApiError, asApiError } from '@/shared/api/errors';
import { t } from '@/shared/i18n';
import { showServerFaults } from '@/shared/lib/form-errors';
import { brokenPasswordRules } from '@/shared/lib/password-rules';
import { submitOnModEnter } from '@/shared/lib/submit-shortcut';
import { useUnsaved } from '@/shared/lib/unsaved';
import { Button } from '@/shared/ui/button';
import { DialogBody, DialogFooter } from '@/shared/ui/dialog';
import { Field, FormError } from '@/shared/ui/field';
import { Checkbox, Input, PasswordInput, Select } from '@/shared/ui/input';
import { PasswordChecklist } from '@/shared/ui/password-checklist';
import { useCreateUser } from './api/create-user';
import { roleList } from '@/shared/roles/list-roles';
import { useVerifyUser } from './api/verify-user';

const schema = z.object({
  email: z.email({ error: () => t('error.email') }),
  accountId: z.string().check(z.minLength(1, { error: () => t('error.required') })),
  roleId: z.string().check(z.minLength(1, { error: () => t('error.required') })),
  password: z
    .string()
    .check(z.refine((value) => brokenPasswordRules(value).length === 0, { error: () => t('password.weak') })),
  verify: z.boolean(),
});

type Values = z.infer<typeof schema>;

/** Names of the API for those of the form. */
const controls: Record<string, keyof Values> = {
  email: 'email',
  account_id: 'accountId',
  role_id: 'roleId',
  password: 'password',
};

/** Creates a user, by default in the given account and verified. */
export function UserForm({ accountId, onDone }: { accountId?: string; onDone: () => void }) {
  const form = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: { email: '', accountId: accountId ?? '', roleId: '2', password: '', verify: true },
  });
  const done = useUnsaved(form.formState.isDirty, onDone);
  const password = useWatch({ control: form.control, name: 'password' });
  const accounts = useQuery(accountChoices());
  const roles = useQuery(roleList());
  const create = useCreateUser();
  const verify = useVerifyUser();
  const [failure, setFailure] = useState<{ message: string | null; error: ApiError } | null>(null);
  const { errors } = form.formState;

  const submit = form.handleSubmit(async (values) => {
    setFailure(null);
    try {
      const user = await create.mutateAsync({
        email: values.email,
        password: values.password,
        account_id: values.accountId,
        role_id: Number(values.roleId),
      });
      toast.success(t('users.createdToast', { email: user.email }));
      // The user exists from here on, whatever becomes of the verification.
      if (values.verify) verify.mutate(user.id);
      done();
    } catch (error) {
      const apiError = asApiError(error);
      if (apiError.status === 409) {
        form.setError('email', { type: 'server', message: apiError.message }, { shouldFocus: true });
        return;
      }
      setFailure({ message: showServerFaults(form, error, (field) => controls[field]), error: apiError });
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
        <div className="grid gap-5 sm:grid-cols-2 sm:gap-4">
          <Field label={t('users.account')} error={errors.accountId?.message} required>
            {(control) => (
              // Drawn anew when the choices arrive, so that a preset account is shown.
              <Select {...control} key={accounts.data ? 'loaded' : 'loading'} {...form.register('accountId')}>
                <option value="">{t('users.chooseAccount')}</option>
                {accounts.data?.map((account) => (
                  <option key={account.id} value={account.id}>
                    {account.name}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field label={t('users.role')} error={errors.roleId?.message} required>
            {(control) => (
              <Select {...control} key={roles.data ? 'loaded' : 'loading'} {...form.register('roleId')}>
                {roles.data?.map((role) => (
                  <option key={role.id} value={role.id}>
                    {role.name}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        </div>
        <Field
          label={t('fields.password')}
          error={errors.password?.message}
          hint={<PasswordChecklist value={password} className="mt-2.5" />}
          required
        >
          {(control) => <PasswordInput {...control} autoComplete="new-password" {...form.register('password')} />}
        </Field>
        <div>
          <label className="flex items-center gap-2 font-medium">
            <Checkbox {...form.register('verify')} />
            {t('users.verifyNow')}
          </label>
          <p className="mt-1 pl-6 text-[0.8125rem] text-muted">{t('users.verifyNowHint')}</p>
        </div>
      </DialogBody>
      <DialogFooter>
        <Button onClick={done}>{t('common.cancel')}</Button>
        <Button type="submit" variant="primary" busy={create.isPending}>
          {t('users.create')}
        </Button>
      </DialogFooter>
    </form>
  );
}
