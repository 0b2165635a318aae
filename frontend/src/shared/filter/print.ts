import { quote } from '@/shared/collections/filter-text';
import type { Condition, FilterValue, Group } from './model';

/** A number without exponent, which the language does not know. */
function printNumber(value: number): string {
  const text = String(value);
  const [, sign = '', whole = '', fraction = '', exponent] = /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(text) ?? [];
  if (exponent === undefined) return text;
  const places = Number(exponent);
  const digits = whole + fraction;
  if (places < 0) return `${sign}0.${'0'.repeat(-places - whole.length)}${digits}`;
  return sign + digits + '0'.repeat(places - fraction.length);
}

/** A value as the language writes it. */
export function printValue(value: FilterValue): string {
  if (typeof value === 'string') return quote(value);
  return typeof value === 'number' ? printNumber(value) : String(value);
}

function printCondition({ field, operator, values }: Condition): string {
  const first = values[0] ?? '';
  const value = printValue(first);
  switch (operator) {
    case 'eq':
      return `${field} = ${value}`;
    case 'ne':
      return `${field} != ${value}`;
    case 'lt':
      return `${field} < ${value}`;
    case 'le':
      return `${field} <= ${value}`;
    case 'gt':
      return `${field} > ${value}`;
    case 'ge':
      return `${field} >= ${value}`;
    case 'between':
      return `(${field} >= ${value} && ${field} <= ${printValue(values[1] ?? '')})`;
    case 'contains':
      return `${field} ~ ${quote(`%${first}%`)}`;
    case 'notContains':
      return `${field} !~ ${quote(`%${first}%`)}`;
    case 'starts':
      return `${field} ~ ${quote(`${first}%`)}`;
    case 'ends':
      return `${field} ~ ${quote(`%${first}`)}`;
    case 'like':
      return `${field} ~ ${value}`;
    case 'notLike':
      return `${field} !~ ${value}`;
    case 'words':
      return `${field} @@ ${value}`;
    case 'oneOf':
      return `${field} IN (${values.map(printValue).join(', ')})`;
    case 'notOneOf':
      return `${field} NOT IN (${values.map(printValue).join(', ')})`;
    case 'empty':
      return `${field} ?= null`;
    case 'notEmpty':
      return `${field} ?!= null`;
    case 'null':
      return `${field} IS NULL`;
    case 'notNull':
      return `${field} IS NOT NULL`;
  }
}

function printItems({ join, items }: Group): string {
  const separator = join === 'and' ? ' && ' : ' || ';
  return items.map((item) => (item.kind === 'group' ? printNested(item) : printCondition(item))).join(separator);
}

function printNested(group: Group): string {
  const [only, ...others] = group.items;
  if (group.join === 'none' && others.length === 0 && only?.kind === 'group' && only.join === 'and') {
    return `!${printNested(only)}`;
  }
  return group.join === 'none' ? `!(${printItems(group)})` : `(${printItems(group)})`;
}

/** Leaves out groups in which nothing stands. */
function withoutEmpty(group: Group): Group {
  const items = group.items
    .map((item) => (item.kind === 'group' ? withoutEmpty(item) : item))
    .filter((item) => item.kind === 'condition' || item.items.length > 0);
  return { ...group, items };
}

/** The text of a filter; empty when there is no condition. */
export function printFilter(group: Group): string {
  let full = withoutEmpty(group);
  // What stands alone needs no brackets.
  for (let only = full.items[0]; full.items.length === 1 && only?.kind === 'group' && full.join !== 'none';) {
    full = only;
    only = full.items[0];
  }
  if (full.items.length === 0) return '';
  return full.join === 'none' ? printNested(full) : printItems(full);
}

/** The text of one condition or group by itself. */
export function printItem(item: Condition | Group): string {
  return item.kind === 'condition' ? printCondition(item) : printFilter(item);
}
