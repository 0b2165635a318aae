import { zodResolver } from '@hookform/resolvers/zod';
import { FormProvider, useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { type ReactNode, useState } from 'react';
import type { z } from 'zod/mini';
import { asApiError } from '@/shared/api/errors';
import type { User } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import { repeatedPassword } from '@/shared/lib/password-schema';
import { submitOnModEnter } from '@/shared/lib/submit-shortcut';
import { useUnsaved } from '@/shared/lib/unsaved';
import { useFormFailure } from '@/shared/lib/use-form-failure';
import { Button } from '@/shared/ui/button';
import { DialogBody, DialogFooter } from '@/shared/ui/dialog';
import { FormError } from '@/shared/ui/field';
import { NewPasswordFields } from '@/shared/ui/new-password-fields';
import { useSetPassword } from './api/set-password';

const schema = repeatedPassword();
const ways = ['link', 'direct'] as const;
type Way = (typeof ways)[number];

interface PasswordFormProps {
  user: User;
  onDone: () => void;
}

/** Sends a link to a new password, or sets one. */
export function PasswordForm({ user, onDone }: PasswordFormProps) {
  const [way, setWay] = useState<Way>('link');
  const choice = (
    <fieldset className="grid gap-2 sm:grid-cols-2">
      <legend className="sr-only">{t('users.passwordWay')}</legend>
      {ways.map((value) => (
        <label
          key={value}
          className="grid cursor-pointer grid-cols-[auto_1fr] gap-x-2.5 rounded-xl border p-3 has-checked:border-accent has-checked:bg-accent-subtle has-focus-visible:outline-2 has-focus-visible:outline-ring"
        >
          <input
            type="radio"
            name="way"
            className="mt-0.5 accent-(--accent)"
            checked={way === value}
            onChange={() => setWay(value)}
          />
          <span className="font-medium">{t(`users.password.${value}`)}</span>
          <span className="col-start-2 text-[0.8125rem] text-muted">{t(`users.password.${value}Hint`)}</span>
        </label>
      ))}
    </fieldset>
  );
  const Form = way === 'link' ? SendLink : SetDirectly;
  return (
    <Form user={user} onDone={onDone}>
      {choice}
    </Form>
  );
}

function SendLink({ user, onDone, children }: PasswordFormProps & { children: ReactNode }) {
  const setPassword = useSetPassword();
  const failure = setPassword.isError ? asApiError(setPassword.error) : null;
  return (
    <>
      <DialogBody>
        <FormError message={failure?.message} error={failure} />
        {children}
      </DialogBody>
      <DialogFooter>
        <Button onClick={onDone}>{t('common.cancel')}</Button>
        <Button
          variant="primary"
          busy={setPassword.isPending}
          onClick={() =>
            setPassword.mutate(
              { id: user.id, password: null },
              {
                onSuccess: () => {
                  toast.success(t('users.linkSentToast', { email: user.email }));
                  onDone();
                },
              },
            )
          }
        >
          {t('users.sendLink')}
        </Button>
      </DialogFooter>
    </>
  );
}

function SetDirectly({ user, onDone, children }: PasswordFormProps & { children: ReactNode }) {
  const form = useForm<z.infer<typeof schema>>({
    resolver: zodResolver(schema),
    defaultValues: { password: '', repeat: '' },
  });
  const done = useUnsaved(form.formState.isDirty, onDone);
  const setPassword = useSetPassword();
  const { failure, clear, show } = useFormFailure(form, { password: 'password', new_password: 'password' });
  const submit = form.handleSubmit(async ({ password }) => {
    clear();
    try {
      await setPassword.mutateAsync({ id: user.id, password });
      toast.success(t('users.passwordSetToast', { email: user.email }));
      done();
    } catch (error) {
      show(error);
    }
  });
  return (
    <FormProvider {...form}>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <form noValidate className="contents" onSubmit={(event) => void submit(event)} onKeyDown={submitOnModEnter}>
        <DialogBody>
          <FormError message={failure?.message} error={failure?.error} />
          {children}
          <NewPasswordFields />
        </DialogBody>
        <DialogFooter>
          <Button onClick={done}>{t('common.cancel')}</Button>
          <Button type="submit" variant="primary" busy={setPassword.isPending}>
            {t('users.setPassword')}
          </Button>
        </DialogFooter>
      </form>
    </FormProvider>
  );
}
