import { zodResolver } from '@hookform/resolvers/zod';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { z } from 'zod/mini';
import { accountChoices, SYSTEM_ACCOUNT_ID } from '@/shared/accounts/list-account-choices';
import { isSuperadmin, useCaller } from '@/shared/api/audience';
import type { Group } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import { submitOnModEnter } from '@/shared/lib/submit-shortcut';
import { useFormFailure } from '@/shared/lib/use-form-failure';
import { Button } from '@/shared/ui/button';
import { DialogBody, DialogFooter } from '@/shared/ui/dialog';
import { Field, FormError } from '@/shared/ui/field';
import { Input, Select, Textarea } from '@/shared/ui/input';
import { useCreateGroup } from './api/create-group';
import { useUpdateGroup } from './api/update-group';

/** The group whose members see what is masked for others; it keeps its name. */
export const PII_GROUP = 'pii_access';

const schema = z.object({
  name: z
    .string()
    .check(
      z.trim(),
      z.minLength(1, { error: () => t('error.required') }),
      z.maxLength(100, { error: () => t('groups.nameLong') }),
    ),
  description: z.string().check(z.trim(), z.maxLength(500, { error: () => t('groups.descriptionLong') })),
  accountId: z.string(),
});

type Values = z.infer<typeof schema>;

interface GroupFormProps {
  /** The group to change; absent for a new one. */
  group?: Group;
  /** Account that a new group is offered for; the system account when absent. */
  accountId?: string;
  onDirtyChange: (dirty: boolean) => void;
  /** Called with the id of a group that was made. */
  onCreated: (id: string) => void;
  onCancel: () => void;
  footer?: ReactNode;
  children?: ReactNode;
}

export function GroupForm({ group, accountId, onDirtyChange, onCreated, onCancel, footer, children }: GroupFormProps) {
  const caller = useCaller();
  const anyAccount = isSuperadmin(caller) && !group;
  const form = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: {
      name: group?.name ?? '',
      description: group?.description ?? '',
      accountId: group?.account_id ?? accountId ?? (anyAccount ? SYSTEM_ACCOUNT_ID : caller.account_id),
    },
  });
  const accounts = useQuery({ ...accountChoices(), enabled: anyAccount });
  const create = useCreateGroup();
  const update = useUpdateGroup();
  const { failure, clear, show } = useFormFailure(
    form,
    { name: 'name', description: 'description', account_id: 'accountId' },
    'name',
  );
  const { errors, isDirty } = form.formState;
  useEffect(() => {
    onDirtyChange(isDirty);
    return () => onDirtyChange(false);
  }, [isDirty, onDirtyChange]);
  const fixed = group?.name === PII_GROUP;

  const submit = form.handleSubmit(async ({ name, description, accountId }) => {
    clear();
    try {
      if (group) {
        await update.mutateAsync({ id: group.id, description, ...(!fixed && { name }) });
        form.reset({ name, description, accountId });
        toast.success(t('groups.savedToast'));
      } else {
        const made = await create.mutateAsync({
          name,
          description: description || null,
          ...(anyAccount && { account_id: accountId }),
        });
        toast.success(t('groups.createdToast', { name }));
        onDirtyChange(false);
        onCreated(made.id);
      }
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
          hint={fixed ? t('groups.fixedName') : undefined}
          required
        >
          {(control) => (
            <Input {...control} autoFocus={!group} readOnly={fixed} autoComplete="off" {...form.register('name')} />
          )}
        </Field>
        <Field label={t('common.description')} error={errors.description?.message}>
          {(control) => <Textarea {...control} rows={3} {...form.register('description')} />}
        </Field>
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
        {children}
      </DialogBody>
      <DialogFooter>
        {footer}
        <Button onClick={onCancel}>{group ? t('common.close') : t('common.cancel')}</Button>
        <Button
          type="submit"
          variant="primary"
          disabled={group !== undefined && !isDirty}
          busy={create.isPending || update.isPending}
        >
          {group ? t('common.save') : t('groups.create')}
        </Button>
      </DialogFooter>
    </form>
  );
}
