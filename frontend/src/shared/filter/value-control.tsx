import { t } from '@/shared/i18n';
import { Input, Select } from '@/shared/ui/input';
import { type FilterField, isTextual } from './fields';
import type { FilterValue } from './model';
import { ReferenceValue } from './reference-value';
import { localInput, readableUtc, utcLiteral, zone } from './times';

interface ValueControlProps {
  field: FilterField | undefined;
  value: FilterValue;
  onChange: (value: FilterValue) => void;
  /** Names the control for assistive technology. */
  label: string;
}

/** One value of a condition, entered as the field's type wants it. */
export function ValueControl({ field, value, onChange, label }: ValueControlProps) {
  const text = String(value);
  switch (field?.type) {
    case 'boolean':
      return (
        <Select aria-label={label} value={text} onChange={(event) => onChange(event.target.value === 'true')}>
          <option value="true">{t('common.yes')}</option>
          <option value="false">{t('common.no')}</option>
        </Select>
      );
    case 'number':
      return (
        <Input
          aria-label={label}
          inputMode="decimal"
          placeholder="0"
          aria-invalid={text !== '' && !Number.isFinite(Number(text)) ? true : undefined}
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      );
    case 'date':
      return <Input type="date" aria-label={label} value={text} onChange={(event) => onChange(event.target.value)} />;
    case 'datetime':
      return (
        <span className="block">
          <Input
            type="datetime-local"
            aria-label={label}
            value={localInput(text)}
            onChange={(event) => onChange(utcLiteral(event.target.value))}
          />
          <span className="mt-1 block text-xs text-muted">
            {text === '' ? t('filter.localZone', { zone: zone() }) : t('filter.utc', { time: readableUtc(text) })}
          </span>
        </span>
      );
    case 'reference':
      if (field.target !== undefined) {
        return <ReferenceValue label={label} collection={field.target} value={text} onChange={onChange} />;
      }
  }
  return (
    <Input
      aria-label={label}
      placeholder={field === undefined || isTextual(field.type) ? t('filter.value') : undefined}
      autoComplete="off"
      spellCheck={false}
      value={text}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
