import { useQuery } from '@tanstack/react-query';
import type { FieldDefinition } from '@/shared/api/types';
import { builtInMacros } from '@/shared/expressions/functions';
import { callerVariables, knownFields } from '@/shared/expressions/vocabulary';
import { t } from '@/shared/i18n';
import { macroList } from '@/shared/macros/list-macros';
import { FunctionReference } from './function-reference';

/** What a rule can name. */
export function RuleHelp({ schema }: { schema: FieldDefinition[] }) {
  const macros = useQuery(macroList());
  const groups = [
    { title: t('rules.helpFields'), items: knownFields(schema).map(({ name }) => name) },
    {
      title: t('rules.helpCaller'),
      items: [...callerVariables.map((name) => `@request.auth.${name}`), '@request.data.<field>'],
    },
    {
      title: t('rules.helpMacros'),
      items: [...builtInMacros, ...(macros.data ?? [])].map(
        ({ name, parameters }) => `@${name}(${parameters.join(', ')})`,
      ),
    },
    {
      title: t('rules.helpOperators'),
      items: ['=  !=  <  <=  >  >=', '~ "%part%"', '@@ "words"', '&&  ||  !', 'IN (…)', 'IS NULL'],
    },
  ];
  return (
    <details className="rounded-xl border bg-subtle/50 px-4 py-3">
      <summary className="cursor-pointer rounded font-medium">{t('rules.help')}</summary>
      <p className="mt-2 text-[0.8125rem] text-muted">
        {t('expressions.keys')} {t('rules.helpThrough')}
      </p>
      <dl className="mt-3 grid gap-4 sm:grid-cols-2">
        {groups.map(({ title, items }) => (
          <div key={title} className="min-w-0">
            <dt className="text-[0.8125rem] text-muted">{title}</dt>
            <dd className="mt-1.5 flex flex-wrap gap-1.5">
              {items.map((item) => (
                <code
                  key={item}
                  className="max-w-full rounded-md border bg-surface px-1.5 py-0.5 font-mono text-xs break-all whitespace-pre-wrap"
                >
                  {item}
                </code>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      <h3 className="mt-5 mb-2 text-[0.8125rem] text-muted">{t('rules.helpFunctions')}</h3>
      <FunctionReference />
    </details>
  );
}
