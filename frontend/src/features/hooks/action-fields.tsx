import { Controller, type FieldPath, type UseFormReturn, useWatch } from 'react-hook-form';
import { CollectionInput } from '@/shared/automation/collection-input';
import { HeaderFields } from '@/shared/automation/header-fields';
import { t } from '@/shared/i18n';
import { Choice } from '@/shared/ui/choice';
import { Field } from '@/shared/ui/field';
import { Input, Select, Textarea } from '@/shared/ui/input';
import { JsonControl } from '@/shared/ui/json-control';
import { type ActionDraft, methods } from './action-draft';
import type { HookDraft } from './hook-draft';

interface ActionFieldsProps {
  form: UseFormReturn<HookDraft>;
  index: number;
}

type TextName = 'url' | 'to' | 'subject' | 'template' | 'collection' | 'recordId' | 'handler' | 'queue' | 'delay';
type JsonName = 'variables' | 'data' | 'payload';

const at = <Name extends keyof ActionDraft>(index: number, name: Name) => `actions.${index}.${name}` as const;

function errorOf({ form, index }: ActionFieldsProps, name: keyof ActionDraft): string | undefined {
  const message: unknown = form.getFieldState(at(index, name) as FieldPath<HookDraft>, form.formState).error?.message;
  return typeof message === 'string' ? message : undefined;
}

interface PartProps extends ActionFieldsProps {
  label: string;
  hint?: string;
  required?: boolean;
  placeholder?: string;
  mono?: boolean;
}

/** A parameter that is one line of text. */
function TextPart({ name, label, hint, required, placeholder, mono, ...where }: PartProps & { name: TextName }) {
  const Control = name === 'collection' ? CollectionInput : Input;
  return (
    <Field label={label} hint={hint} error={errorOf(where, name)} required={required}>
      {(control) => (
        <Control
          {...control}
          className={mono ? 'font-mono text-[0.8125rem]' : undefined}
          placeholder={placeholder}
          autoComplete="off"
          spellCheck={false}
          {...where.form.register(at(where.index, name))}
        />
      )}
    </Field>
  );
}

/** A parameter that is a JSON object. */
function JsonPart({ name, label, hint, ...where }: PartProps & { name: JsonName }) {
  return (
    <Field label={label} hint={hint} error={errorOf(where, name)}>
      {(control) => (
        <Controller
          control={where.form.control}
          name={at(where.index, name)}
          render={({ field: { value, onChange, ref } }) => (
            <JsonControl ref={ref} value={value} onChange={onChange} label={label} control={control} />
          )}
        />
      )}
    </Field>
  );
}

/** The parameters of an action, by its type. */
export function ActionFields(props: ActionFieldsProps) {
  const type = useWatch({ control: props.form.control, name: at(props.index, 'type') });
  switch (type) {
    case 'send_webhook':
      return <RequestFields {...props} />;
    case 'send_email':
      return <MailFields {...props} />;
    case 'create_record':
    case 'update_record':
    case 'delete_record':
      return <RecordFields {...props} type={type} />;
    case 'enqueue_job':
      return <JobFields {...props} />;
    default:
      return null;
  }
}

function RequestFields(props: ActionFieldsProps) {
  const { form, index } = props;
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-[8rem_1fr]">
        <Field label={t('hooks.method')}>
          {(control) => (
            <Select {...control} {...form.register(at(index, 'method'))}>
              {methods.map((method) => (
                <option key={method}>{method}</option>
              ))}
            </Select>
          )}
        </Field>
        <TextPart
          {...props}
          name="url"
          label={t('automation.url')}
          placeholder="https://example.com/hook"
          mono
          required
        />
      </div>
      <Controller
        control={form.control}
        name={at(index, 'headers')}
        render={({ field: { value, onChange } }) => (
          <HeaderFields value={value} onChange={onChange} error={errorOf(props, 'headers')} />
        )}
      />
      <Field label={t('hooks.requestBody')} hint={t('hooks.requestBodyHint')}>
        {(control) => (
          <Textarea
            {...control}
            className="font-mono text-[0.8125rem] leading-5"
            rows={4}
            spellCheck={false}
            placeholder={'{"title": "{{ record.title }}"}'}
            {...form.register(at(index, 'bodyTemplate'))}
          />
        )}
      </Field>
    </>
  );
}

function MailFields(props: ActionFieldsProps) {
  const { form, index } = props;
  const from = useWatch({ control: form.control, name: at(index, 'mailFrom') });
  return (
    <>
      <TextPart {...props} name="to" label={t('hooks.to')} placeholder="{{ record.email }}" required />
      <Controller
        control={form.control}
        name={at(index, 'mailFrom')}
        render={({ field: { value, onChange } }) => (
          <Choice
            label={t('hooks.mailFrom')}
            name={`mail-from-${index}`}
            value={value}
            onChange={onChange}
            options={[
              { value: 'text', label: t('hooks.mailText') },
              { value: 'template', label: t('hooks.mailTemplate') },
            ]}
          />
        )}
      />
      {from === 'text' ? (
        <>
          <TextPart {...props} name="subject" label={t('hooks.subject')} placeholder="Hook notification" />
          <Field label={t('hooks.mailBody')} hint={t('hooks.mailBodyHint')}>
            {(control) => <Textarea {...control} rows={5} {...form.register(at(index, 'body'))} />}
          </Field>
        </>
      ) : (
        <>
          <TextPart {...props} name="template" label={t('hooks.template')} hint={t('hooks.templateHint')} required />
          <JsonPart {...props} name="variables" label={t('hooks.variables')} hint={t('hooks.variablesHint')} />
        </>
      )}
    </>
  );
}

function RecordFields({ type, ...props }: ActionFieldsProps & { type: string }) {
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <TextPart {...props} name="collection" label={t('hooks.collection')} required />
        {type !== 'create_record' && (
          <TextPart
            {...props}
            name="recordId"
            label={t('hooks.recordId')}
            placeholder="{{ record.id }}"
            mono
            required
          />
        )}
      </div>
      {type !== 'delete_record' && (
        <JsonPart
          {...props}
          name="data"
          label={t('hooks.data')}
          hint={t(type === 'create_record' ? 'hooks.dataHint' : 'hooks.changesHint')}
        />
      )}
    </>
  );
}

function JobFields(props: ActionFieldsProps) {
  return (
    <>
      <TextPart {...props} name="handler" label={t('hooks.handler')} hint={t('hooks.handlerHint')} mono required />
      <JsonPart {...props} name="payload" label={t('hooks.payload')} />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextPart {...props} name="queue" label={t('hooks.queue')} placeholder="default" mono />
        <TextPart {...props} name="delay" label={t('hooks.delay')} placeholder="0" />
      </div>
    </>
  );
}
