import { t } from '@/shared/i18n';
import type { CodeFault } from './faults';
import { type Expression, parseExpression, partsOf } from './parse';
import { tokensOf } from './tokens';
import { fieldAt, type Vocabulary } from './vocabulary';

/** A rule in a form that the server can check by the names of fields alone. */
export interface CheckableRule {
  rule: string;
  names: string[];
}

/**
 * Writes names that lead through references as plain names of the same length: the server checks a rule by a list of
 * names, and the places it tells stay right. Names that lead nowhere stay as they are, for the server to refuse.
 */
export function checkable(code: string, vocabulary: Vocabulary): CheckableRule {
  const names = new Set(vocabulary.fields.map((field) => field.name));
  let rule = code;
  for (const { kind, from, to, text } of tokensOf(code)) {
    if (kind !== 'field' || !text.includes('.') || !fieldAt(text, vocabulary)) continue;
    const plain = text.replaceAll('.', '_');
    names.add(plain);
    rule = rule.slice(0, from) + plain + rule.slice(to);
  }
  return { rule, names: [...names] };
}

/** What an expression of a computed field must not hold, though a rule may. */
export function computedFaults(code: string): CodeFault[] {
  return tokensOf(code).flatMap(({ kind, from, to, text }): CodeFault[] => {
    const fault = (message: string): CodeFault[] => [{ from, to, severity: 'error', message }];
    if (kind === 'variable' || kind === 'macro') return fault(t('expressions.noCaller', { name: text }));
    return kind === 'keyword' && text.toLowerCase() === 'in' ? fault(t('expressions.noIn')) : [];
  });
}

const isTime = (text: string) => /^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(Date.parse(text.slice(0, 10)));

/** Whether a field of the type can ever have the value. */
function canBe(type: string, value: string | number | boolean): boolean {
  const text = String(value).trim();
  if (type === 'number') return typeof value !== 'string' || (text !== '' && Number.isFinite(Number(text)));
  if (type === 'boolean') return typeof value === 'boolean' || ['true', 'false', '0', '1'].includes(text.toLowerCase());
  if (type === 'date' || type === 'datetime') return typeof value === 'string' && isTime(text);
  return true;
}

function mismatch(field: Expression, other: Expression, vocabulary: Vocabulary): CodeFault[] {
  if (field.kind !== 'field' || other.kind !== 'literal' || other.value === null) return [];
  const known = fieldAt(field.name, vocabulary);
  if (!known || canBe(known.type, other.value)) return [];
  const message = t('expressions.neverEqual', { field: field.name, type: t(`fieldTypes.${known.type}`) });
  return [{ from: other.from, to: other.to, severity: 'warning', message }];
}

/** Values that are compared with fields of a type they can never have. The server takes such rules: they hold for nothing. */
export function typeWarnings(code: string, vocabulary: Vocabulary): CodeFault[] {
  const expression = parseExpression(code);
  if (!expression) return [];
  return partsOf(expression).flatMap((part) => {
    if (part.kind === 'in') return part.list.flatMap((item) => mismatch(part.left, item, vocabulary));
    if (part.kind !== 'compare' || !['=', '!=', '<', '>', '<=', '>='].includes(part.operator)) return [];
    return [...mismatch(part.left, part.right, vocabulary), ...mismatch(part.right, part.left, vocabulary)];
  });
}
