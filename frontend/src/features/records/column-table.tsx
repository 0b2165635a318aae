import { ArrowRight } from 'lucide-react';
import type { FieldDefinition } from '@/shared/api/types';
import { FieldIcon } from '@/shared/collections/field-icon';
import { fieldType } from '@/shared/collections/field-types';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { Select } from '@/shared/ui/input';
import { fits } from './column-types';
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
      {columns.map(({ name, samples, type }) => {
        const field = mapping[name] ?? '';
        const target = schema.find((candidate) => candidate.name === field);
        const misfit = target && type && !fits(type, fieldType(target)) ? target : null;
        return (
          <li key={name} className="grid items-center gap-x-3 gap-y-2 px-4 py-2.5 sm:grid-cols-[1fr_auto_14rem]">
            <div className="min-w-0">
              <p className={cn('flex items-center gap-2 font-medium', field === '' && 'text-muted')}>
                {type && (
                  <span title={t('recordFiles.looksLike', { type: t(`fieldTypes.${type}`) })} className="shrink-0">
                    <FieldIcon type={type} className="size-3.5 text-accent" />
                    <span className="sr-only">{t('recordFiles.looksLike', { type: t(`fieldTypes.${type}`) })}</span>
                  </span>
                )}
                <span className="truncate">{name || t('recordFiles.unnamed')}</span>
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
            {misfit && type && (
              <p className="text-[0.8125rem] text-accent sm:col-span-3">
                {t('recordFiles.misfit', {
                  found: t(`fieldTypes.${type}`),
                  field: misfit.name,
                  wanted: t(`fieldTypes.${fieldType(misfit)}`),
                })}
              </p>
            )}
          </li>
        );
      })}
    </ul>
  );
}
