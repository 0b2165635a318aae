import { X } from 'lucide-react';
import { t } from '@/shared/i18n';
import { Select } from '@/shared/ui/input';

interface GroupByProps {
  available: string[];
  chosen: string[];
  onChange: (groups: string[]) => void;
  most: number;
}

/** The fields whose equal values make a group, in their order. */
export function GroupBy({ available, chosen, onChange, most }: GroupByProps) {
  const left = available.filter((name) => !chosen.includes(name));
  return (
    <fieldset className="min-w-0 space-y-2">
      <legend className="mb-1.5 font-medium">{t('analytics.groupBy')}</legend>
      {chosen.length > 0 && (
        <ul className="flex flex-wrap gap-1.5">
          {chosen.map((name) => (
            <li
              key={name}
              className="flex min-w-0 items-center rounded-full bg-accent-subtle pl-2.5 text-[0.8125rem] text-accent"
            >
              <span className="truncate">{name}</span>
              <button
                type="button"
                className="grid size-7 shrink-0 place-items-center rounded-full hover:bg-hover"
                aria-label={t('analytics.removeGroup', { field: name })}
                onClick={() => onChange(chosen.filter((other) => other !== name))}
              >
                <X className="size-3.5" aria-hidden />
              </button>
            </li>
          ))}
        </ul>
      )}
      {chosen.length < most && left.length > 0 && (
        <Select
          aria-label={t('analytics.addGroup')}
          value=""
          onChange={(event) => event.target.value && onChange([...chosen, event.target.value])}
        >
          <option value="">{t('analytics.addGroup')}</option>
          {left.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </fieldset>
  );
}
