import { quote } from '@/shared/collections/filter-text';

export const havingOperators = ['>', '>=', '<', '<=', '=', '!='] as const;
export type HavingOperator = (typeof havingOperators)[number];

/** A condition on a result: `sum_price > 100`. The value is a number, or a text in quotes. */
export interface HavingRow {
  alias: string;
  operator: HavingOperator;
  value: string;
}

export interface Having {
  join: 'AND' | 'OR';
  rows: HavingRow[];
}

const row =
  /\s*(?:(\w+)\(\s*(\w*)\s*\)|(\w+))\s*(!=|<=|>=|=|<|>)\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|-?\d+(?:\.\d+)?)\s*/y;
const joint = /(AND\b|OR\b|&&|\|\|)/iy;

const unquoted = (text: string) => (/^["']/.test(text) ? text.slice(1, -1).replace(/\\(["'\\])/g, '$1') : text);

/** Reads a condition that rows can show; null for others: brackets, AND and OR mixed, or a fault. */
export function parseHaving(text: string): Having | null {
  const rows: HavingRow[] = [];
  const joins = new Set<Having['join']>();
  if (text.trim() === '') return { join: 'AND', rows };
  for (let at = 0; ;) {
    row.lastIndex = at;
    const found = row.exec(text);
    if (!found) return null;
    const [, fn, field, alias, operator, value] = found;
    rows.push({
      alias: fn === undefined ? (alias ?? '') : field === '' ? fn.toLowerCase() : `${fn.toLowerCase()}_${field}`,
      operator: operator as HavingOperator,
      value: unquoted(value ?? ''),
    });
    at = row.lastIndex;
    if (at === text.length) return joins.size > 1 ? null : { join: [...joins][0] ?? 'AND', rows };
    joint.lastIndex = at;
    const word = joint.exec(text)?.[0]?.toUpperCase();
    if (word === undefined) return null;
    joins.add(word === 'AND' || word === '&&' ? 'AND' : 'OR');
    at = joint.lastIndex;
  }
}

const isNumber = (text: string) => /^-?\d+(\.\d+)?$/.test(text);

/** The text of the condition; rows without a value are left out. */
export function printHaving({ join, rows }: Having): string {
  return rows
    .filter(({ value }) => value.trim() !== '')
    .map(({ alias, operator, value }) => {
      const trimmed = value.trim();
      return `${alias} ${operator} ${isNumber(trimmed) ? trimmed : quote(value)}`;
    })
    .join(` ${join} `);
}
