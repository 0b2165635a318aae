import { X } from 'lucide-react';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { describeCondition } from './describe';
import { replaceItem } from './drafts';
import { type FieldGroup, findField } from './fields';
import type { Condition, Group, Join } from './model';

interface FilterPillsProps {
  group: Group;
  fields: FieldGroup[];
  /** Applies what is left after a condition is taken away. */
  onChange: (group: Group) => void;
  onClear: () => void;
}

function describe(item: Condition | Group, fields: FieldGroup[]): string {
  if (item.kind === 'condition') return describeCondition(item, findField(fields, item.field));
  const inner = item.items.map((part) =>
    part.kind === 'group' ? `(${describe(part, fields)})` : describe(part, fields),
  );
  const joined = inner.join(` ${word(item.join)} `);
  return item.join === 'none' ? `${t('filter.not')}: ${joined}` : joined;
}

const word = (join: Join) => (join === 'and' ? t('filter.and') : t('filter.or'));

/** What is applied, a pill for each condition and each group, to be taken away one by one. */
export function FilterPills({ group, fields, onChange, onClear }: FilterPillsProps) {
  return (
    <ul className="flex flex-wrap items-center gap-1.5">
      {group.join === 'none' && <li className="text-[0.8125rem] text-muted">{t('filter.not')}</li>}
      {group.items.map((item, index) => {
        const text = describe(item, fields);
        return (
          <li key={`${index} ${text}`} className="flex min-w-0 items-center gap-1.5">
            {index > 0 && <span className="text-[0.8125rem] text-muted">{word(group.join)}</span>}
            <span
              className={cn(
                'flex min-w-0 items-center rounded-full bg-accent-subtle pl-2.5 text-[0.8125rem] text-accent',
                item.kind === 'group' && 'rounded-lg ring-1 ring-accent/30 ring-inset',
              )}
            >
              <span className="truncate" title={text}>
                {text}
              </span>
              <button
                type="button"
                className="grid size-7 shrink-0 place-items-center rounded-full hover:bg-hover"
                aria-label={t('filter.removePill', { condition: text })}
                onClick={() => onChange(replaceItem(group, index, undefined))}
              >
                <X className="size-3.5" aria-hidden />
              </button>
            </span>
          </li>
        );
      })}
      {group.items.length > 1 && (
        <li>
          <button
            type="button"
            className="h-7 rounded-md px-1.5 text-[0.8125rem] text-muted hover:bg-hover hover:text-foreground"
            onClick={onClear}
          >
            {t('filter.clearAll')}
          </button>
        </li>
      )}
    </ul>
  );
}
