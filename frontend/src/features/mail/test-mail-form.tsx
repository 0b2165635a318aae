import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { z } from 'zod/mini';
import { useCaller } from '@/shared/api/audience';
import type { MailTemplate } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import { submitOnModEnter } from '@/shared/lib/submit-shortcut';
import { useUnsaved } from '@/shared/lib/unsaved';
import { useFormFailure } from '@/shared/lib/use-form-failure';
import { Button } from '@/shared/ui/button';
import { DialogBody, DialogFooter } from '@/shared/ui/dialog';
import { Field, FormError } from '@/shared/ui/field';
import { Input, Select } from '@/shared/ui/input';
import { useSendTestMail } from './api/send-test-mail';
import { sampleVariables } from './template-parts';

const schema = z.object({ recipient: z.email({ error: () => t('error.email') }), provider: z.string() });
type Values = z.infer<typeof schema>;

/** Providers by the names that the API gives them. */
const providers = [
  { name: 'smtp', label: 'SMTP' },
  { name: 'aws_ses', label: 'AWS SES' },
  { name: 'resend', label: 'Resend' },
];

/** Sends a stored template, filled with samples, to one address. */
export function TestMailForm({ template, onDone }: { template: MailTemplate; onDone: () => void }) {
  const caller = useCaller();
  const form = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: { recipient: caller.email, provider: 'auto' },
  });
  const done = useUnsaved(form.formState.isDirty, onDone);
  const send = useSendTestMail();
  const { failure, clear, show } = useFormFailure(form, { recipient_email: 'recipient', provider: 'provider' });
  const { errors } = form.formState;
  const submit = form.handleSubmit(async ({ recipient, provider }) => {
    clear();
    try {
      await send.mutateAsync({
        id: template.id,
        recipient,
        provider,
        variables: sampleVariables(template.template_type),
      });
      toast.success(t('mail.testSentToast', { email: recipient }));
      done();
    } catch (error) {
      show(error);
    }
  });
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <form
      noValidate
      className="contents"
      onSubmit={(event) => {
        // The dialog stands inside the editor's form in React's tree, though not in the page.
        event.stopPropagation();
        void submit(event);
      }}
      onKeyDown={submitOnModEnter}
    >
      <DialogBody>
        <FormError message={failure?.message} error={failure?.error} />
        <Field label={t('mail.recipient')} error={errors.recipient?.message} required>
          {(control) => (
            <Input {...control} type="email" autoFocus autoComplete="off" {...form.register('recipient')} />
          )}
        </Field>
        <Field label={t('mail.provider')} error={errors.provider?.message}>
          {(control) => (
            <Select {...control} {...form.register('provider')}>
              <option value="auto">{t('mail.automatic')}</option>
              {providers.map(({ name, label }) => (
                <option key={name} value={name}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </DialogBody>
      <DialogFooter>
        <Button onClick={done}>{t('common.cancel')}</Button>
        <Button type="submit" variant="primary" busy={send.isPending}>
          {t('mail.send')}
        </Button>
      </DialogFooter>
    </form>
  );
}
