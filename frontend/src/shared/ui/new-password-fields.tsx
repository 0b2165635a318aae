import { useFormContext, useWatch } from 'react-hook-form';
import { t } from '@/shared/i18n';
import { Field } from './field';
import { PasswordInput } from './input';
import { PasswordChecklist } from './password-checklist';

interface Values {
  password: string;
  repeat: string;
}

/** The fields `password` and `repeat` of the form around them, with the rules as they come to hold. */
export function NewPasswordFields({ autoFocus }: { autoFocus?: boolean }) {
  const { control, register, formState } = useFormContext<Values>();
  const password = useWatch({ control, name: 'password' });
  const { errors } = formState;
  return (
    <>
      <Field
        label={t('fields.newPassword')}
        error={errors.password?.message}
        hint={<PasswordChecklist value={password} className="mt-2.5" />}
        required
      >
        {(props) => (
          <PasswordInput {...props} autoComplete="new-password" autoFocus={autoFocus} {...register('password')} />
        )}
      </Field>
      <Field label={t('fields.repeat')} error={errors.repeat?.message} required>
        {(props) => <PasswordInput {...props} autoComplete="new-password" {...register('repeat')} />}
      </Field>
    </>
  );
}
