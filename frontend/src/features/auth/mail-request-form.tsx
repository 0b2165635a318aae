import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import { z } from 'zod/mini';
import { t } from '@/shared/i18n';
import { useFormFailure } from '@/shared/lib/use-form-failure';
import { Button } from '@/shared/ui/button';
import { Field, FormError } from '@/shared/ui/field';
import { Input } from '@/shared/ui/input';

const schema = z.object({
  account: z.string().check(z.trim(), z.minLength(1, { error: () => t('error.required') })),
  email: z.email({ error: () => t('error.email') }),
});

export type MailRequest = z.infer<typeof schema>;

interface MailRequestFormProps {
  initial: Partial<MailRequest>;
  /** Label of the button. */
  action: string;
  /** Asks the server; a rejection is shown. */
  onSubmit: (request: MailRequest) => Promise<unknown>;
}

/** Asks for a mail to a user of an account. */
export function MailRequestForm({ initial, action, onSubmit }: MailRequestFormProps) {
  const form = useForm<MailRequest>({
    resolver: zodResolver(schema),
    defaultValues: { account: initial.account ?? '', email: initial.email ?? '' },
  });
  const { failure, clear, show } = useFormFailure(form, { account: 'account', email: 'email' });
  const { errors, isSubmitting } = form.formState;
  const submit = form.handleSubmit(async (values) => {
    clear();
    try {
      await onSubmit(values);
    } catch (error) {
      show(error);
    }
  });
  return (
    <form className="space-y-5" noValidate onSubmit={(event) => void submit(event)}>
      <FormError message={failure?.message} error={failure?.error} />
      <Field label={t('fields.account')} error={errors.account?.message} hint={t('signIn.accountHint')} required>
        {(control) => (
          <Input
            {...control}
            autoComplete="organization"
            autoCapitalize="none"
            spellCheck={false}
            autoFocus={!initial.account}
            {...form.register('account')}
          />
        )}
      </Field>
      <Field label={t('fields.email')} error={errors.email?.message} required>
        {(control) => (
          <Input
            {...control}
            type="email"
            autoComplete="username"
            autoFocus={Boolean(initial.account)}
            {...form.register('email')}
          />
        )}
      </Field>
      <Button type="submit" variant="primary" size="lg" className="w-full" busy={isSubmitting}>
        {action}
      </Button>
    </form>
  );
}
