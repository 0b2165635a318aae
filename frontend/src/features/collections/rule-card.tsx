import { FlaskConical, Globe, Lock, ScrollText, WandSparkles } from 'lucide-react';
import { Controller, useFormContext, useWatch } from 'react-hook-form';
import type { FieldDefinition } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import { Button } from '@/shared/ui/button';
import { Choice } from '@/shared/ui/choice';
import { Menu, MenuContent, MenuItem, MenuTrigger } from '@/shared/ui/menu';
import { FieldAccess } from './field-access';
import { isNarrowable, type Operation, type RuleDrafts } from './rule-draft';
import { RuleEditor } from './rule-editor';
import { ruleTemplates } from './rule-templates';

const modes = [
  { value: 'locked', icon: Lock, iconClass: 'text-accent' },
  { value: 'public', icon: Globe, iconClass: 'text-success' },
  { value: 'custom', icon: ScrollText, iconClass: 'text-accent' },
] as const;

interface RuleCardProps {
  operation: Operation;
  schema: FieldDefinition[];
  /** Whether the server knows a check of changed records. */
  knowsCheck: boolean;
  onTest: () => void;
}

/** Who may do one thing, with which fields; stands inside a form of {@link RuleDrafts}. */
export function RuleCard({ operation, schema, knowsCheck, onTest }: RuleCardProps) {
  const { control, formState, setValue } = useFormContext<RuleDrafts>();
  const { mode } = useWatch({ control, name: operation });
  const { errors } = formState;
  const name = t(`rules.${operation}`);
  const take = (rule: string) => {
    setValue(`${operation}.mode`, 'custom', { shouldDirty: true });
    setValue(`${operation}.expression`, rule, { shouldDirty: true });
  };
  return (
    <fieldset className="p-4">
      <legend className="sr-only">{name}</legend>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div>
          <h3 className="font-medium" aria-hidden>
            {name}
          </h3>
          <p className="text-[0.8125rem] text-muted">{t(`rules.is.${mode}`)}</p>
        </div>
        <div className="flex items-center gap-1.5">
          <Controller
            control={control}
            name={`${operation}.mode`}
            render={({ field }) => (
              <Choice
                name={field.name}
                value={field.value}
                onChange={field.onChange}
                options={modes.map((choice) => ({ ...choice, label: t(`rules.mode.${choice.value}`) }))}
              />
            )}
          />
          <Menu>
            <MenuTrigger asChild>
              <Button
                variant="ghost"
                size="icon"
                aria-label={t('rules.templatesFor', { operation: name })}
                title={t('rules.templates')}
              >
                <WandSparkles aria-hidden />
              </Button>
            </MenuTrigger>
            <MenuContent align="end" className="max-w-[calc(100vw-1rem)]">
              {ruleTemplates(schema, operation).map(({ key, label, rule }) => (
                <MenuItem key={key} onSelect={() => take(rule)} className="flex-col items-start gap-0">
                  <span>{label}</span>
                  <code className="max-w-full truncate font-mono text-xs text-muted">{rule}</code>
                </MenuItem>
              ))}
            </MenuContent>
          </Menu>
          <Button
            variant="ghost"
            size="icon"
            aria-label={t('ruleTest.open', { operation: name })}
            title={t('ruleTest.title')}
            onClick={onTest}
          >
            <FlaskConical aria-hidden />
          </Button>
        </div>
      </div>
      {mode === 'custom' && (
        <div className="mt-3">
          <Controller
            control={control}
            name={`${operation}.expression`}
            rules={{
              validate: (value, all) =>
                all[operation].mode !== 'custom' || value.trim() !== '' || t('rules.needsExpression'),
            }}
            render={({ field: { value, onChange, onBlur, ref } }) => (
              <RuleEditor
                value={value}
                onChange={onChange}
                onBlur={onBlur}
                ref={ref}
                label={t('rules.expressionOf', { operation: name })}
                labelHidden
                error={errors[operation]?.expression?.message}
                placeholder={t('rules.placeholder')}
                schema={schema}
                slot={operation}
              />
            )}
          />
        </div>
      )}
      {operation === 'update' && knowsCheck && mode !== 'locked' && (
        <div className="mt-4">
          <Controller
            control={control}
            name="updateCheck"
            render={({ field: { value, onChange, onBlur, ref } }) => (
              <RuleEditor
                value={value}
                onChange={onChange}
                onBlur={onBlur}
                ref={ref}
                label={t('rules.updateCheck')}
                hint={t('rules.updateCheckHint')}
                error={errors.updateCheck?.message}
                placeholder={t('rules.noCheck')}
                schema={schema}
                slot="updateCheck"
              />
            )}
          />
        </div>
      )}
      {isNarrowable(operation) && mode !== 'locked' && (
        <div className="mt-4">
          <FieldAccess operation={operation} schema={schema} />
        </div>
      )}
    </fieldset>
  );
}
