import { useFormContext } from 'react-hook-form';
import { Field } from '@/shared/ui/field';
import { Input, PasswordInput, Select, Switch, Textarea } from '@/shared/ui/input';
import { t } from '@/shared/i18n';
import { faultOf, MASK, type Setting } from './provider-schema';

interface Values {
  settings: Record<string, string | boolean>;
}

/** The control of one value of a provider. */
export function SettingField({ setting }: { setting: Setting }) {
  const { register, formState, getValues } = useFormContext<Values>();
  const { name, label, hint, kind, required } = setting;
  const path = `settings.${name}` as const;
  const registered = register(path, { validate: (value) => faultOf(setting, value) ?? true });
  const error = formState.errors.settings?.[name]?.message;
  if (kind === 'switch') {
    return (
      <div>
        <label className="flex items-center gap-3 font-medium">
          <Switch {...registered} />
          {label}
        </label>
        {hint && <p className="mt-1 pl-12 text-[0.8125rem] text-muted">{hint}</p>}
      </div>
    );
  }
  const kept = formState.defaultValues?.settings?.[name] === MASK && getValues(path) === MASK;
  return (
    <Field
      label={label}
      error={error}
      hint={kept ? t('configuration.kept') : (hint ?? (kind === 'list' ? t('configuration.listHint') : undefined))}
      required={required}
    >
      {(control) => {
        const plain = { ...control, ...registered, autoComplete: 'off', spellCheck: false };
        switch (kind) {
          case 'secret':
            return <PasswordInput {...plain} autoComplete="new-password" onFocus={(event) => event.target.select()} />;
          case 'long':
          case 'list':
            return <Textarea {...plain} rows={kind === 'list' ? 3 : 5} className="font-mono text-[0.8125rem]" />;
          case 'choice':
            return (
              <Select {...control} {...registered}>
                {!required && <option value="" />}
                {setting.choices.map((choice) => (
                  <option key={choice} value={choice}>
                    {choice}
                  </option>
                ))}
              </Select>
            );
          case 'number':
            return <Input {...plain} inputMode="numeric" />;
          case 'url':
            return <Input {...plain} type="url" />;
          case 'email':
            return <Input {...plain} type="email" />;
          default:
            return <Input {...plain} />;
        }
      }}
    </Field>
  );
}
