import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { asApiError } from '@/shared/api/errors';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { FormError } from '@/shared/ui/field';
import { ruleSql } from './api/rule-sql';
import { operations } from './rule-draft';

/** The stored rules as the database sees them, asked for when they are unfolded. */
export function RuleSql({ name }: { name: string }) {
  const [open, setOpen] = useState(false);
  const sql = useQuery({ ...ruleSql(name), enabled: open });
  const failure = sql.isError ? asApiError(sql.error) : null;
  // A locked rule has no condition, an empty one asks nothing.
  const rules = [...operations, 'update_check' as const]
    .map((key) => ({
      key: `${key}_rule`,
      unreadable: sql.data?.unreadable.includes(key) ?? false,
      condition: sql.data?.[key],
    }))
    .filter(({ condition, unreadable }) => unreadable || condition);
  return (
    <details
      className="rounded-xl border bg-subtle/50 px-4 py-3"
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary className="cursor-pointer rounded font-medium">{t('rules.sql')}</summary>
      <p className="mt-2 text-[0.8125rem] text-muted">{t('rules.sqlHint')}</p>
      <FormError message={failure?.message} error={failure} />
      {sql.isSuccess && rules.length === 0 && <p className="mt-3">{t('rules.noSql')}</p>}
      <dl className="mt-3 space-y-3">
        {rules.map(({ key, condition, unreadable }) => (
          <div key={key}>
            <dt className="font-mono text-xs text-muted">{key}</dt>
            <dd
              className={cn(
                'mt-1 rounded-lg border bg-surface px-3 py-2 text-xs break-words whitespace-pre-wrap',
                unreadable ? 'text-danger' : 'font-mono',
              )}
            >
              {unreadable ? t('ruleTest.by.unreadable') : condition}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
