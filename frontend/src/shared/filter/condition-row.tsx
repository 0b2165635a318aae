import { Trash2 } from 'lucide-react';
import { t } from '@/shared/i18n';
import { cn } from '@/shared/lib/cn';
import { Button } from '@/shared/ui/button';
import { Select } from '@/shared/ui/input';
import { operatorLabel } from './describe';
import { carriedValues, type FieldGroup, findField, newCondition, offeredOperators } from './fields';
import { arity, type Condition, type Operator } from './model';
import { ValueControl } from './value-control';
import { ValueList } from './value-list';

interface ConditionRowProps {
  condition: Condition;
  fields: FieldGroup[];
  onChange: (condition: Condition) => void;
  onRemove: () => void;
}

/** The heading under which the fields stand in the list. */
function groupLabel({ through, system }: FieldGroup): string {
  if (system) return t('filter.systemFields');
  return through === undefined ? t('filter.ownFields') : t('filter.through', { field: through });
}

/** One condition: field, operator and what the operator needs. */
export function ConditionRow({ condition, fields, onChange, onRemove }: ConditionRowProps) {
  const { field: path, operator, values } = condition;
  const field = findField(fields, path);
  const count = arity(operator);

  function changeField(next: string) {
    const chosen = findField(fields, next);
    if (!chosen) return;
    const same = chosen.type === field?.type && chosen.target === field.target;
    onChange(same ? { ...condition, field: next } : newCondition(chosen));
  }

  return (
    <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto] items-start gap-2 sm:grid-cols-[minmax(0,1fr)_11.5rem_minmax(0,1.15fr)_auto]">
      <Select aria-label={t('filter.field')} value={path} onChange={(event) => changeField(event.target.value)}>
        {!field && <option value={path}>{path}</option>}
        {fields.map((group) => (
          <optgroup key={group.through ?? String(group.system)} label={groupLabel(group)}>
            {group.fields.map((option) => (
              <option key={option.path} value={option.path}>
                {option.path}
              </option>
            ))}
          </optgroup>
        ))}
      </Select>
      <Select
        aria-label={t('filter.operator')}
        value={operator}
        onChange={(event) => {
          const next = event.target.value as Operator;
          onChange({ ...condition, operator: next, values: carriedValues(field?.type, next, values) });
        }}
      >
        {offeredOperators(field, operator).map((option) => (
          <option key={option} value={option}>
            {operatorLabel(option, field)}
          </option>
        ))}
      </Select>
      <div
        className={cn(
          'min-w-0 max-sm:order-last max-sm:col-span-3',
          count === 0 && 'max-sm:hidden',
          count === 2 && 'grid grid-cols-2 gap-2',
        )}
      >
        {count === 1 && (
          <ValueControl
            field={field}
            value={values[0] ?? ''}
            onChange={(value) => onChange({ ...condition, values: [value] })}
            label={t('filter.valueOf', { field: path })}
          />
        )}
        {count === 2 && (
          <>
            <ValueControl
              field={field}
              value={values[0] ?? ''}
              onChange={(value) => onChange({ ...condition, values: [value, values[1] ?? ''] })}
              label={t('filter.fromOf', { field: path })}
            />
            <ValueControl
              field={field}
              value={values[1] ?? ''}
              onChange={(value) => onChange({ ...condition, values: [values[0] ?? '', value] })}
              label={t('filter.toOf', { field: path })}
            />
          </>
        )}
        {count === 'many' && (
          <ValueList
            field={field}
            values={values}
            onChange={(next) => onChange({ ...condition, values: next })}
            label={t('filter.valueOf', { field: path })}
          />
        )}
      </div>
      <Button
        variant="ghost"
        size="icon"
        className="text-muted"
        aria-label={t('filter.removeCondition', { field: path })}
        onClick={onRemove}
      >
        <Trash2 aria-hidden />
      </Button>
    </div>
  );
}
