import { inWords, sentence } from '@/shared/expressions/words';
import { t } from '@/shared/i18n';
import { Field } from '@/shared/ui/field';
import { Select } from '@/shared/ui/input';
import type { CollectionTemplate } from './collection-templates';
import { operations } from './rule-draft';
import { rulesToStart, startRules, type StartRules } from './start-rules';

interface StartRulesChoiceProps {
  template: CollectionTemplate | undefined;
  value: StartRules;
  onChange: (choice: StartRules) => void;
}

/** Which rules a new collection begins with, each told in words. */
export function StartRulesChoice({ template, value, onChange }: StartRulesChoiceProps) {
  const rules = rulesToStart(value, template);
  const inText = (rule: string | null) => {
    if (rule === null) return t('rules.is.locked');
    if (rule === '') return t('rules.is.public');
    if (rule === 'true') return t('newCollection.signedIn');
    const reading = inWords(rule);
    const words = reading ? sentence(reading) : [{ text: rule }];
    return t('newCollection.signedInIf', { condition: words.map(({ text }) => text).join('') });
  };
  return (
    <section aria-labelledby="start-rules">
      <h2 id="start-rules" className="mb-1 text-base font-semibold">
        {t('collections.rulesTab')}
      </h2>
      <p className="mb-3 text-muted">{t('newCollection.rulesLead')}</p>
      <div className="grid gap-4 rounded-xl border bg-surface p-4 shadow-card sm:grid-cols-[14rem_1fr]">
        <Field label={t('newCollection.rules')} labelHidden>
          {(control) => (
            <Select
              {...control}
              value={value}
              onChange={(event) => onChange(startRules.find((choice) => choice === event.target.value) ?? 'locked')}
            >
              {startRules
                .filter((choice) => choice !== 'template' || template)
                .map((choice) => (
                  <option key={choice} value={choice}>
                    {t(`newCollection.rulesOf.${choice}`)}
                  </option>
                ))}
            </Select>
          )}
        </Field>
        <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-[0.8125rem]">
          {operations.map((operation) => (
            <div key={operation} className="contents">
              <dt className="text-muted">{t(`rules.${operation}`)}</dt>
              <dd className="min-w-0 break-words">{inText(rules[operation])}</dd>
            </div>
          ))}
        </dl>
      </div>
    </section>
  );
}
