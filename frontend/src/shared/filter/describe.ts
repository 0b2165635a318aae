import { formatDate, formatDateTime, formatNumber, t } from '@/shared/i18n';
import type { FilterField } from './fields';
import type { Condition, FilterValue, Operator } from './model';

const LONGEST_VALUE = 32;

const timeOperators = ['lt', 'le', 'gt', 'ge'] as const;
type TimeOperator = (typeof timeOperators)[number];

/** The operator in words that suit the field. */
export function operatorLabel(operator: Operator, field: FilterField | undefined): string {
  const ofTime = field?.type === 'date' || field?.type === 'datetime';
  return ofTime && (timeOperators as readonly string[]).includes(operator)
    ? t(`filter.timeOperators.${operator as TimeOperator}`)
    : t(`filter.operators.${operator}`);
}

function describeValue(value: FilterValue, field: FilterField | undefined): string {
  if (typeof value === 'boolean') return value ? t('common.yes') : t('common.no');
  if (typeof value === 'number') return formatNumber(value);
  if (value === '') return t('filter.emptyText');
  if (field?.type === 'date') return formatDate(value);
  if (field?.type === 'datetime') return formatDateTime(value);
  const short = value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}…` : value;
  return field?.type === 'reference' ? value.slice(0, 8) : t('common.quoted', { text: short });
}

/** A condition in words: `price is more than 10`. */
export function describeCondition(condition: Condition, field: FilterField | undefined): string {
  const { operator, values } = condition;
  const shown = values.map((value) => describeValue(value, field));
  const joined = operator === 'between' ? shown.join(` ${t('filter.and')} `) : shown.join(', ');
  return [condition.field, operatorLabel(operator, field), joined].filter(Boolean).join(' ');
}
