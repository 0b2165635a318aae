import { type Condition, type FilterValue, type Group, noConditions, type Operator } from './model';
import { FilterSyntaxError, readTokens, type Token } from './tokens';

/** A text that rows can show, one that only its text can, or one that is no filter. */
export type ParsedFilter = { kind: 'rows'; group: Group } | { kind: 'textOnly' } | { kind: 'faulty'; position: number };

/** Something of the language that has no place in rows: functions, arithmetic, variables, fields on both sides. */
class NotShowable extends Error {}

const comparisons: Record<string, Operator> = {
  '=': 'eq',
  '!=': 'ne',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
  '@@': 'words',
};
const notShown = new Set(['+', '-', '*', '/', '%']);

/** The operator that a pattern of `~` stands for, and the text without its wildcards at the ends. */
function fromPattern(pattern: string, negated: boolean): Pick<Condition, 'operator' | 'values'> {
  const open = pattern.startsWith('%');
  const close = pattern.endsWith('%');
  if (open && close && pattern.length > 2) {
    return { operator: negated ? 'notContains' : 'contains', values: [pattern.slice(1, -1)] };
  }
  if (negated || open === close || pattern.length < 2) {
    return { operator: negated ? 'notLike' : 'like', values: [pattern] };
  }
  return close
    ? { operator: 'starts', values: [pattern.slice(0, -1)] }
    : { operator: 'ends', values: [pattern.slice(1)] };
}

class Parser {
  private readonly tokens: Token[];
  private at = 0;

  constructor(source: string) {
    this.tokens = readTokens(source);
  }

  whole(): Group {
    const item = this.or();
    if (this.peek.kind !== 'end') throw new FilterSyntaxError(this.peek.start);
    return item.kind === 'group' ? item : { ...noConditions, items: [item] };
  }

  private get peek(): Token {
    return this.tokens[this.at] as Token;
  }

  private isSymbol(value: string): boolean {
    return this.peek.kind === 'symbol' && this.peek.value === value;
  }

  private take(value: string): boolean {
    const found = this.isSymbol(value);
    if (found) this.at += 1;
    return found;
  }

  private takeWord(word: string): boolean {
    const found = this.peek.kind === 'name' && this.peek.value.toLowerCase() === word;
    if (found) this.at += 1;
    return found;
  }

  private expect(value: string) {
    if (!this.take(value)) throw new FilterSyntaxError(this.peek.start);
  }

  private or(): Condition | Group {
    return this.chain('or', '||', () => this.chain('and', '&&', () => this.not()));
  }

  private chain(join: 'and' | 'or', symbol: string, operand: () => Condition | Group): Condition | Group {
    const items = [operand()];
    while (this.take(symbol)) items.push(operand());
    const only = items[0];
    return items.length === 1 && only ? only : { kind: 'group', join, items };
  }

  private not(): Condition | Group {
    if (!this.take('!')) return this.operand();
    const inner = this.not();
    if (inner.kind === 'condition') return { kind: 'group', join: 'none', items: [inner] };
    if (inner.join === 'or') return { ...inner, join: 'none' };
    // None of one group is what is left for the others.
    return { kind: 'group', join: 'none', items: [inner] };
  }

  private operand(): Condition | Group {
    if (!this.take('(')) return this.condition();
    const inner = this.or();
    this.expect(')');
    this.refuseMore();
    return inner.kind === 'group' ? asRange(inner) : inner;
  }

  /** After a bracket the language allows what rows cannot show. */
  private refuseMore() {
    const { kind, value } = this.peek;
    if (kind === 'symbol' && (value in comparisons || notShown.has(value) || value === '~' || value === '!~')) {
      throw new NotShowable();
    }
    if (kind === 'name') throw new NotShowable();
  }

  private condition(): Condition {
    const { kind, value: field, start } = this.peek;
    if (kind === 'end') throw new FilterSyntaxError(start);
    if (kind !== 'name') {
      if (kind === 'symbol' && !this.isSymbol('-')) throw new FilterSyntaxError(start);
      throw new NotShowable();
    }
    if (field.startsWith('@')) throw new NotShowable();
    this.at += 1;
    return { kind: 'condition', field, ...this.test() };
  }

  private test(): Pick<Condition, 'operator' | 'values'> {
    const { kind, value } = this.peek;
    if (this.takeWord('is')) {
      const negated = this.takeWord('not');
      this.expectNull();
      return { operator: negated ? 'notNull' : 'null', values: [] };
    }
    if (this.takeWord('in')) return { operator: 'oneOf', values: this.list() };
    if (kind === 'name' && value.toLowerCase() === 'not') {
      this.at += 1;
      if (!this.takeWord('in')) throw new FilterSyntaxError(this.peek.start);
      return { operator: 'notOneOf', values: this.list() };
    }
    if (kind !== 'symbol') {
      // A field alone is a condition; two values side by side are none.
      if (kind === 'end') throw new NotShowable();
      throw new FilterSyntaxError(this.peek.start);
    }
    const operator = comparisons[value];
    if (operator) return this.comparison(operator);
    if (value === '~' || value === '!~') return this.pattern(value === '!~');
    if (value === '?=' || value === '?!=') {
      this.at += 1;
      this.expectNull();
      return { operator: value === '?=' ? 'empty' : 'notEmpty', values: [] };
    }
    if (value === '!' || value === '@') throw new FilterSyntaxError(this.peek.start);
    throw new NotShowable();
  }

  private comparison(operator: Operator): Pick<Condition, 'operator' | 'values'> {
    this.at += 1;
    if (this.peek.kind === 'null') {
      this.at += 1;
      if (operator !== 'eq' && operator !== 'ne') throw new NotShowable();
      return { operator: operator === 'eq' ? 'null' : 'notNull', values: [] };
    }
    return { operator, values: [this.value()] };
  }

  private pattern(negated: boolean): Pick<Condition, 'operator' | 'values'> {
    this.at += 1;
    const pattern = this.value();
    if (typeof pattern !== 'string') throw new NotShowable();
    return fromPattern(pattern, negated);
  }

  private expectNull() {
    if (this.peek.kind !== 'null') throw new FilterSyntaxError(this.peek.start);
    this.at += 1;
  }

  private list(): FilterValue[] {
    this.expect('(');
    const values = [this.value()];
    while (this.take(',')) values.push(this.value());
    this.expect(')');
    return values;
  }

  private value(): FilterValue {
    const negative = this.take('-');
    const { kind, value, start } = this.peek;
    if (kind === 'end' || (kind === 'symbol' && value !== '(' && value !== '-')) throw new FilterSyntaxError(start);
    if (kind === 'symbol' || kind === 'name' || kind === 'null' || (negative && kind !== 'number')) {
      throw new NotShowable();
    }
    this.at += 1;
    if (this.peek.kind === 'symbol' && notShown.has(this.peek.value)) throw new NotShowable();
    if (kind === 'number') return negative ? -Number(value) : Number(value);
    return kind === 'boolean' ? value.toLowerCase() === 'true' : value;
  }
}

/** From and to of one field within brackets are one condition. */
function asRange(group: Group): Condition | Group {
  const [from, to] = group.items;
  if (group.join !== 'and' || group.items.length !== 2 || from?.kind !== 'condition' || to?.kind !== 'condition') {
    return group;
  }
  if (from.field !== to.field || from.operator !== 'ge' || to.operator !== 'le') return group;
  return { ...from, operator: 'between', values: [...from.values, ...to.values] };
}

/** Reads the text of a filter for the builder. */
export function parseFilter(source: string): ParsedFilter {
  if (source.trim() === '') return { kind: 'rows', group: noConditions };
  try {
    return { kind: 'rows', group: new Parser(source).whole() };
  } catch (error) {
    if (error instanceof NotShowable) return { kind: 'textOnly' };
    if (error instanceof FilterSyntaxError) return { kind: 'faulty', position: error.position };
    throw error;
  }
}
