import { zodResolver } from '@hookform/resolvers/zod';
import { useQuery } from '@tanstack/react-query';
import { Braces } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Controller, useForm, useWatch } from 'react-hook-form';
import { toast } from 'sonner';
import { z } from 'zod/mini';
import { accountChoices, SYSTEM_ACCOUNT_ID } from '@/shared/accounts/list-account-choices';
import type { MailTemplate } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import { submitOnModEnter } from '@/shared/lib/submit-shortcut';
import { useFormFailure } from '@/shared/lib/use-form-failure';
import { Button } from '@/shared/ui/button';
import { DialogBody, DialogFooter } from '@/shared/ui/dialog';
import { Field, FormError } from '@/shared/ui/field';
import { Input, Select, Switch, Textarea } from '@/shared/ui/input';
import { Menu, MenuContent, MenuItem, MenuTrigger } from '@/shared/ui/menu';
import { useCreateTemplate } from './api/create-template';
import { useUpdateTemplate } from './api/update-template';
import { Preview } from './preview';
import { sampleVariables, templateTypes, typeName, withVariable } from './template-parts';

const filled = () => z.string().check(z.refine((text) => text.trim() !== '', { error: () => t('error.required') }));
const schema = z.object({
  type: z.string(),
  locale: z
    .string()
    .check(z.trim(), z.regex(/^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$/, { error: () => t('mail.localeForm') })),
  accountId: z.string(),
  enabled: z.boolean(),
  subject: filled(),
  html: filled(),
  text: filled(),
});

type Values = z.infer<typeof schema>;
type Part = 'subject' | 'html' | 'text';

interface TemplateFormProps {
  /** The template to change, or the one whose texts a new template begins with. */
  template?: MailTemplate;
  creating: boolean;
  accountId?: string;
  onDirtyChange: (dirty: boolean) => void;
  onCreated: (id: string) => void;
  onCancel: () => void;
  footer?: ReactNode;
}

export function TemplateForm(props: TemplateFormProps) {
  const { template, creating, accountId, onDirtyChange, onCreated, onCancel, footer } = props;
  const form = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: {
      type: template?.template_type ?? templateTypes[0],
      locale: template?.locale ?? 'en',
      accountId: accountId ?? template?.account_id ?? SYSTEM_ACCOUNT_ID,
      enabled: template?.enabled ?? true,
      subject: template?.subject ?? '',
      html: template?.html_body ?? '',
      text: template?.text_body ?? '',
    },
  });
  const accounts = useQuery({ ...accountChoices(), enabled: creating });
  const create = useCreateTemplate();
  const update = useUpdateTemplate();
  const { failure, clear, show } = useFormFailure(
    form,
    { template_type: 'type', locale: 'locale', subject: 'subject', html_body: 'html', text_body: 'text' },
    'locale',
  );
  const [type, subject, html, text] = useWatch({
    control: form.control,
    name: ['type', 'subject', 'html', 'text'],
  });
  const { errors, isDirty } = form.formState;
  useEffect(() => {
    onDirtyChange(isDirty);
    return () => onDirtyChange(false);
  }, [isDirty, onDirtyChange]);

  const controls = useRef<Partial<Record<Part, HTMLInputElement | HTMLTextAreaElement | null>>>({});
  const inserted = useRef<{ control: HTMLInputElement | HTMLTextAreaElement; cursor: number } | null>(null);
  const [lastPart, setLastPart] = useState<Part>('html');
  function insert(variable: string) {
    const control = controls.current[lastPart];
    if (!control) return;
    const start = control.selectionStart ?? control.value.length;
    const next = withVariable(control.value, variable, start, control.selectionEnd ?? start);
    form.setValue(lastPart, next.text, { shouldDirty: true, shouldValidate: true });
    inserted.current = { control, cursor: next.cursor };
  }

  /** The control takes the focus that the menu would give back to its button. */
  function returnFocus(event: Event) {
    const target = inserted.current;
    inserted.current = null;
    if (!target) return;
    event.preventDefault();
    target.control.focus();
    target.control.setSelectionRange(target.cursor, target.cursor);
  }

  const submit = form.handleSubmit(async (values) => {
    clear();
    const parts = { subject: values.subject, html_body: values.html, text_body: values.text, enabled: values.enabled };
    try {
      if (creating) {
        const made = await create.mutateAsync({
          ...parts,
          template_type: values.type,
          locale: values.locale,
          account_id: values.accountId,
        });
        toast.success(t('mail.createdToast'));
        onDirtyChange(false);
        onCreated(made.id);
      } else if (template) {
        await update.mutateAsync({ id: template.id, body: parts });
        form.reset(values);
        toast.success(t('mail.savedToast'));
      }
    } catch (error) {
      show(error);
    }
  });

  const part = (name: Part, label: string, draw: (props: PartControl) => ReactNode) => (
    <Field label={label} error={errors[name]?.message} required>
      {(control) => (
        <Controller
          control={form.control}
          name={name}
          render={({ field }) => (
            <>
              {draw({
                ...control,
                name: field.name,
                value: field.value,
                onChange: field.onChange,
                onBlur: field.onBlur,
                onFocus: () => setLastPart(name),
                ref: (element) => {
                  field.ref(element);
                  controls.current[name] = element;
                },
              })}
            </>
          )}
        />
      )}
    </Field>
  );

  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <form noValidate className="contents" onSubmit={(event) => void submit(event)} onKeyDown={submitOnModEnter}>
      <DialogBody className="grid gap-x-8 gap-y-6 space-y-0 lg:grid-cols-2">
        <div className="min-w-0 space-y-5">
          <FormError message={failure?.message} error={failure?.error} />
          {creating && (
            <div className="grid gap-5 sm:grid-cols-3 sm:gap-4">
              <Field label={t('mail.type')} error={errors.type?.message} required>
                {(control) => (
                  <Select {...control} {...form.register('type')}>
                    {templateTypes.map((choice) => (
                      <option key={choice} value={choice}>
                        {typeName(choice)}
                      </option>
                    ))}
                  </Select>
                )}
              </Field>
              <Field label={t('mail.account')} error={errors.accountId?.message} required>
                {(control) => (
                  <Select {...control} key={accounts.data ? 'loaded' : 'loading'} {...form.register('accountId')}>
                    <option value={SYSTEM_ACCOUNT_ID}>{t('mail.systemWide')}</option>
                    {accounts.data
                      ?.filter((account) => account.id !== SYSTEM_ACCOUNT_ID)
                      .map((account) => (
                        <option key={account.id} value={account.id}>
                          {account.name}
                        </option>
                      ))}
                  </Select>
                )}
              </Field>
              <Field label={t('mail.locale')} error={errors.locale?.message} required>
                {(control) => <Input {...control} autoComplete="off" spellCheck={false} {...form.register('locale')} />}
              </Field>
            </div>
          )}
          <div className="flex flex-wrap items-center justify-between gap-3">
            <label className="flex items-center gap-3 font-medium">
              <Switch {...form.register('enabled')} />
              {t('mail.enabled')}
            </label>
            <Menu>
              <MenuTrigger asChild>
                <Button size="sm">
                  <Braces aria-hidden />
                  {t('mail.insert')}
                </Button>
              </MenuTrigger>
              <MenuContent align="end" onCloseAutoFocus={returnFocus}>
                {Object.keys(sampleVariables(type)).map((variable) => (
                  <MenuItem key={variable} onSelect={() => insert(variable)}>
                    <code className="font-mono text-xs">{variable}</code>
                  </MenuItem>
                ))}
              </MenuContent>
            </Menu>
          </div>
          {part('subject', t('mail.subject'), (control) => (
            <Input {...control} autoComplete="off" />
          ))}
          {part('html', t('mail.htmlBody'), (control) => (
            <Textarea {...control} rows={14} spellCheck={false} className="font-mono text-xs leading-5" />
          ))}
          {part('text', t('mail.textBody'), (control) => (
            <Textarea {...control} rows={8} className="font-mono text-xs leading-5" />
          ))}
        </div>
        <Preview type={type} parts={{ subject, html, text }} />
      </DialogBody>
      <DialogFooter>
        {footer}
        <Button onClick={onCancel}>{creating ? t('common.cancel') : t('common.close')}</Button>
        <Button
          type="submit"
          variant="primary"
          disabled={!creating && !isDirty}
          busy={create.isPending || update.isPending}
        >
          {creating ? t('mail.create') : t('common.save')}
        </Button>
      </DialogFooter>
    </form>
  );
}

interface PartControl {
  id: string;
  name: string;
  value: string;
  onChange: (event: unknown) => void;
  onBlur: () => void;
  onFocus: () => void;
  ref: (element: HTMLInputElement | HTMLTextAreaElement | null) => void;
}
