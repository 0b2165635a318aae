import { ArrowRight } from 'lucide-react';
import type { FieldDefinition } from '@/shared/api/types';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { Select } from '@/shared/ui/input';
import { isImported, type Mapping } from './column-mapping';
import type { Column } from './record-file';

interface ColumnTableProps {
  columns: Column[];
  schema: FieldDefinition[];
  mapping: Mapping;
  disabled: boolean;
  onChange: (mapping: Mapping) => void;
}

/** The columns of a file with sample values, and the field that each goes to. */
export function ColumnTable({ columns, schema, mapping, disabled, onChange }: ColumnTableProps) {
  return (
    <ul className="divide-y rounded-xl border">
      {columns.map(({ name, samples }) => {
        const field = mapping[name] ?? '';
        return (
          <li key={name} className="grid items-center gap-x-3 gap-y-2 px-4 py-2.5 sm:grid-cols-[1fr_auto_14rem]">
            <div className="min-w-0">
              <p className={cn('truncate font-medium', field === '' && 'text-muted')}>
                {name || t('recordFiles.unnamed')}
              </p>
              <p className="truncate text-[0.8125rem] text-muted">{samples.filter(Boolean).join(' · ') || '–'}</p>
            </div>
            <ArrowRight className={cn('size-4 text-muted max-sm:hidden', field === '' && 'opacity-30')} aria-hidden />
            <Select
              aria-label={t('recordFiles.fieldOf', { column: name })}
              value={field}
              disabled={disabled}
              onChange={(event) => onChange({ ...mapping, [name]: event.target.value })}
            >
              <option value="">{t('recordFiles.leave')}</option>
              {schema.filter(isImported).map((target) => (
                <option key={target.name} value={target.name}>
                  {target.name}
                  {target.required ? ' *' : ''}
                </option>
              ))}
            </Select>
          </li>
        );
      })}
    </ul>
  );
}
