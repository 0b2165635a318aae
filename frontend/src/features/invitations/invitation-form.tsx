import { zodResolver } from '@hookform/resolvers/zod';
import { useQuery } from '@tanstack/react-query';
import { useForm, useWatch } from 'react-hook-form';
import { toast } from 'sonner';
import { z } from 'zod/mini';
import { accountChoices, SYSTEM_ACCOUNT_ID } from '@/shared/accounts/list-account-choices';
import { isSuperadmin, useCaller } from '@/shared/api/audience';
import { groupList } from '@/shared/groups/list-groups';
import { t } from '@/shared/i18n';
import { submitOnModEnter } from '@/shared/lib/submit-shortcut';
import { useUnsaved } from '@/shared/lib/unsaved';
import { useFormFailure } from '@/shared/lib/use-form-failure';
import { builtInRoles, roleList } from '@/shared/roles/list-roles';
import { Button } from '@/shared/ui/button';
import { DialogBody, DialogFooter } from '@/shared/ui/dialog';
import { Field, FormError } from '@/shared/ui/field';
import { Checkbox, Input, Select } from '@/shared/ui/input';
import { useCreateInvitation } from './api/create-invitation';

const schema = z.object({
  email: z.email({ error: () => t('error.email') }),
  accountId: z.string(),
  roleId: z.string(),
  groups: z.array(z.string()),
});

type Values = z.infer<typeof schema>;

const DEFAULT_ROLE = '2';

/** Invites somebody to an account: the caller's own, for superadmins any. */
export function InvitationForm({ accountId, onDone }: { accountId?: string; onDone: () => void }) {
  const caller = useCaller();
  const anyAccount = isSuperadmin(caller);
  const form = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: {
      email: '',
      accountId: accountId ?? (anyAccount ? SYSTEM_ACCOUNT_ID : caller.account_id),
      roleId: DEFAULT_ROLE,
      groups: [],
    },
  });
  const done = useUnsaved(form.formState.isDirty, onDone);
  const account = useWatch({ control: form.control, name: 'accountId' });
  const accounts = useQuery({ ...accountChoices(), enabled: anyAccount });
  // Only superadmins may list the roles; others choose between those that always are.
  const roles = useQuery({ ...roleList(), enabled: anyAccount });
  const groups = useQuery(groupList());
  const create = useCreateInvitation();
  const { failure, clear, show } = useFormFailure(
    form,
    { email: 'email', account_id: 'accountId', role_id: 'roleId' },
    'email',
  );
  const { errors } = form.formState;
  const offered = groups.data?.filter((group) => group.account_id === account) ?? [];

  const submit = form.handleSubmit(async (values) => {
    clear();
    const wanted = values.groups.filter((id) => offered.some((group) => group.id === id));
    try {
      const made = await create.mutateAsync({
        email: values.email,
        role_id: values.roleId,
        ...(wanted.length > 0 && { groups: wanted }),
        ...(anyAccount && { account_id: values.accountId }),
      });
      if (made.email_sent) toast.success(t('invitations.sentToast', { email: made.email }));
      else toast.warning(t('invitations.notSentToast', { email: made.email }));
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
        <div className="grid gap-5 sm:grid-cols-2 sm:gap-4">
          {anyAccount && (
            <Field label={t('users.account')} error={errors.accountId?.message} required>
              {(control) => (
                <Select {...control} key={accounts.data ? 'loaded' : 'loading'} {...form.register('accountId')}>
                  {accounts.data?.map((choice) => (
                    <option key={choice.id} value={choice.id}>
                      {choice.name}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
          )}
          <Field label={t('users.role')} error={errors.roleId?.message} required>
            {(control) => (
              <Select {...control} key={roles.data ? 'loaded' : 'loading'} {...form.register('roleId')}>
                {(roles.data ?? builtInRoles).map((role) => (
                  <option key={role.id} value={role.id}>
                    {role.name}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        </div>
        {offered.length > 0 && (
          <fieldset>
            <legend className="mb-1.5 font-medium">{t('nav.groups')}</legend>
            <div className="grid max-h-40 gap-2 overflow-y-auto rounded-lg border p-3 sm:grid-cols-2">
              {offered.map((group) => (
                <label key={group.id} className="flex min-w-0 items-center gap-2">
                  <Checkbox value={group.id} {...form.register('groups')} />
                  <span className="truncate">{group.name}</span>
                </label>
              ))}
            </div>
          </fieldset>
        )}
      </DialogBody>
      <DialogFooter>
        <Button onClick={done}>{t('common.cancel')}</Button>
        <Button type="submit" variant="primary" busy={create.isPending}>
          {t('invitations.send')}
        </Button>
      </DialogFooter>
    </form>
  );
}
