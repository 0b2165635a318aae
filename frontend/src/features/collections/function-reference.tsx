import { useId } from 'react';
import { expressionFunctions, functionGroups } from '@/shared/expressions/functions';
import { t } from '@/shared/i18n';

/** The functions of expressions by what they are for, each with an example. */
export function FunctionReference() {
  const id = useId();
  return (
    <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2">
      {functionGroups.map((group) => (
        <section key={group} aria-labelledby={`${id}-${group}`} className="min-w-0">
          <h4 id={`${id}-${group}`} className="mb-1 text-[0.8125rem] font-medium">
            {t(`functionGroups.${group}`)}
          </h4>
          <dl className="space-y-1.5">
            {expressionFunctions
              .filter((known) => known.group === group)
              .map(({ name, parameters, example }) => (
                <div key={name}>
                  <dt className="font-mono text-xs break-words">
                    <span className="text-accent">{name}</span>({parameters.join(', ')})
                  </dt>
                  <dd className="text-[0.8125rem] text-muted">
                    {t(`functions.${name}`)} <code className="font-mono text-xs break-words">{example}</code>
                  </dd>
                </div>
              ))}
          </dl>
        </section>
      ))}
    </div>
  );
}
